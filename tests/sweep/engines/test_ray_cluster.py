"""Finding a Ray cluster: what is none is refused soon and in words."""

import socket
import subprocess
import sys

import pytest

from aecli.errors import UsageError
from aecli.sweep.engines.ray_cluster import check_address, check_port, first_line

pytest.importorskip("ray")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nowhere", '--address "nowhere": write host:port, or auto'),
        (
            "127.0.0.1:{closed}",
            "no Ray cluster answers there (Connection refused); on its head node `ray status` shows it",
        ),
        (
            "ray://head:10001",
            "a sweep does not run through a Ray client; start it on a node of the cluster, with --address auto",
        ),
        (
            "127.0.0.1:{open}",
            "something is there, but no Ray cluster answered within 3 s; its port is 6379 if it was not set, and a "
            "cluster that asks for a token wants RAY_AUTH_MODE=token here",
        ),
    ],
    ids=["no address", "nobody", "a client server", "another server"],
)
def test_an_address_that_is_no_cluster_is_refused(address, message):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = address.format(open=server.getsockname()[1], closed=unused.getsockname()[1])
        with pytest.raises(UsageError) as refused:
            check_address(address, answer_s=3.0)
    assert str(refused.value) == (message if message.startswith("--") else f"--address {address}: {message}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "ray"], "error: the engine ray needs the package ray: pip install 'aecli[ray]'"),
        (["--engine", "cloud"], 'error: --engine "cloud": choose local or ray'),
        (["--address", "auto"], "error: --address is that of a Ray cluster; add --engine ray"),
    ],
    ids=["extra not installed", "unknown engine", "address without ray"],
)
def test_what_cannot_be_begun_is_refused_on_the_command_line(arguments, message, tmp_path):
    code = "import sys; sys.modules['ray'] = None; from aecli.cli import main; main()"
    command = [sys.executable, "-c", code, "sweep", "--config", "sweeps/smoke.yaml", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr.strip(), done.stdout) == (2, message, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["nowhere", "host:", ":6379", "ray://head:10001"])
def test_what_is_no_address_is_refused_without_asking_anybody(address):
    with pytest.raises(UsageError, match="^--address "):
        check_port(address)


def test_of_an_error_its_first_line_is_told_or_its_name():
    assert [first_line(ValueError("one\ntwo")), first_line(KeyError())] == ["one", "KeyError"]
