"""Live a life, and write down what is left of it."""

import asyncio

from tests.store.past import main

if __name__ == "__main__":
    asyncio.run(main())
