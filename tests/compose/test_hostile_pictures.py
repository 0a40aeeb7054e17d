"""Pictures made to hurt, or that kill their decoder: each costs its child, and the entry goes without it."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from crosspost.compose import pictures
from crosspost.compose.pictures import fetch_picture
from crosspost.contract import PictureRule
from crosspost.errors import NoPicture, UnfitPicture
from crosspost.http.wire import HttpxClient
from crosspost.model import Media, Picture
from tests.compose.slow_picture import slow_picture

RULE = PictureRule(max_bytes=5_000_000)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


async def fit(data: bytes, folder: Path) -> Media:
    path = folder / "picture"
    path.write_bytes(data)
    return await fetch_picture(
        HttpxClient(), Picture(url=path.as_uri()), RULE, folder=folder, allow_private=False
    )


def decoders() -> list[int]:
    """Find the processes that we started to decode a picture."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"crosspost.child.picture" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def started_decoder() -> int:
    """Wait until the one decoder runs."""
    async with asyncio.timeout(60):
        while not (found := decoders()):  # noqa: ASYNC110 - a process sets no event of ours
            await asyncio.sleep(0.01)
    (one,) = found
    return one


async def test_a_small_file_that_takes_minutes_is_stopped(tmp_path: Path) -> None:
    began = time.process_time()
    with pytest.raises(UnfitPicture, match="took too long to decode and was stopped"):
        await fit(slow_picture(), tmp_path)
    assert time.process_time() - began < 8, "it is decoded elsewhere"
    assert not decoders()


async def test_cancelling_ends_the_decoder(tmp_path: Path) -> None:
    task = asyncio.create_task(fit(slow_picture(), tmp_path))
    child = await started_decoder()
    assert os.getpgid(child) == child, "its group is its own, and ended with it"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):  # not even a zombie is left
        os.kill(child, 0)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
async def test_a_decoder_that_dies_costs_the_picture(tmp_path: Path, end: signal.Signals) -> None:
    """As when memory ends, and the kernel chooses; or when a library crashes."""
    task = asyncio.create_task(fit(slow_picture(), tmp_path))
    os.kill(await started_decoder(), end)
    with pytest.raises(UnfitPicture, match=f"its picture was left out: its decoder stopped .signal {end.name}"):
        await task


async def test_a_decoder_that_hangs_without_working_leaves_it_out_this_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shortened, since nobody waits a minute for it: it may be a good picture, on a machine that is busy."""
    monkeypatch.setattr(pictures, "_PATIENCE", timedelta(seconds=3))
    task = asyncio.create_task(fit(slow_picture(), tmp_path))
    os.kill(await started_decoder(), signal.SIGSTOP)
    with pytest.raises(NoPicture, match="s of the 3 s that it was given; the machine is too busy") as caught:
        await task
    assert not isinstance(caught.value, UnfitPicture)
    assert not decoders()


async def test_it_may_not_take_all_memory_and_goes_before_others(tmp_path: Path) -> None:
    task = asyncio.create_task(fit(slow_picture(), tmp_path))
    process = Path("/proc", str(await started_decoder()))
    async with asyncio.timeout(60):
        while "1073741824" not in (limits := (process / "limits").read_text()):  # noqa: ASYNC110 - not our event
            await asyncio.sleep(0.01)
    assert "Max address space         1073741824" in limits
    assert (process / "oom_score_adj").read_text().strip() == "1000"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_decoder_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKEDIN_TOKEN", "s3cret")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    task = asyncio.create_task(fit(slow_picture(), tmp_path))
    environment = Path("/proc", str(await started_decoder()), "environ").read_bytes()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert b"PATH=" in environment
    assert not {b"LINKEDIN_TOKEN", b"PYTHONPATH"} & {
        pair.partition(b"=")[0] for pair in environment.split(b"\0")
    }


async def test_one_is_decoded_at_a_time(tmp_path: Path) -> None:
    """Each may take hundreds of megabytes; the wait is no part of its time."""
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    small = encoded(Image.effect_noise((60, 40), 90), "PNG")
    tasks = [asyncio.create_task(fit(small, folder)) for folder in folders]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, len(decoders()))
        await asyncio.sleep(0.001)
    assert most == 1
    assert [task.result().width for task in tasks] == [60] * 3


async def test_no_room_for_a_process_leaves_it_out_this_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's own refusal, which cannot be brought about for one process alone."""

    async def refuse(*_args: object, **_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    with pytest.raises(NoPicture, match="no process could be started for it") as caught:
        await fit(encoded(Image.new("L", (90, 90)), "PNG"), tmp_path)
    assert not isinstance(caught.value, UnfitPicture), "the next try may find room"


SIDE = 7_071  # squared, fifty million


@pytest.mark.parametrize(
    ("mode", "size", "kind", "options"),
    [
        ("RGB", (SIDE, SIDE), "JPEG", {}),
        ("CMYK", (SIDE, SIDE), "JPEG", {"progressive": True}),
        ("RGBA", (SIDE, SIDE), "PNG", {}),
        ("I;16", (SIDE, SIDE), "PNG", {}),
        ("P", (SIDE, SIDE), "GIF", {"transparency": 0}),
        ("RGBA", (SIDE, SIDE), "WEBP", {"method": 0}),
        ("RGBA", (SIDE, SIDE), "AVIF", {"speed": 10}),
        ("L", (50_000, 1_000), "PNG", {}),
        ("RGBA", (5_000, 5_000), "PNG", {}),
    ],
)
async def test_the_largest_pictures_fit_into_its_memory(
    tmp_path: Path, mode: str, size: tuple[int, int], kind: str, options: dict[str, object]
) -> None:
    colour = (9, 99, 199, 99) if mode == "RGBA" else 0
    media = await fit(encoded(Image.new(mode, size, colour), kind, **options), tmp_path)
    assert 3_500 < max(media.width, media.height) <= 4_096


async def test_of_thousands_of_frames_the_first_is_sent(tmp_path: Path) -> None:
    frames = [Image.new("P", (60, 40), n % 255) for n in range(3_000)]
    for kind in ("GIF", "WEBP"):
        data = encoded(frames[0].convert("RGB"), kind, save_all=True, append_images=frames[1:])
        media = await fit(data, tmp_path)
        assert (media.width, media.height) == (60, 40)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<?xml version='1.0'?>\n<!-- x --><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (encoded(Image.new("L", (90, 90)), "TIFF"), "TIFF"),
        (encoded(Image.new("L", (64, 64)), "ICO"), "ICO"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42", "a film"),
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\0\1", "Photoshop"),
    ],
)
async def test_what_networks_do_not_take_is_named(tmp_path: Path, data: bytes, kind: str) -> None:
    says = rf"it is no picture that can be read \({kind}\); offer it as JPEG, PNG, GIF or WebP"
    with pytest.raises(UnfitPicture, match=says):
        await fit(data, tmp_path)


def test_whoever_waits_for_pictures_does_not_load_the_library() -> None:
    code = f"import sys, {pictures.__name__}; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
