"""Run the scripts on the connection, and in the transaction, that the store hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    transactional_ddl=False,  # the store's own transaction is around everything
)
context.run_migrations()
