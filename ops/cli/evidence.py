"""Commands that prove what was written (存证): verify, checkpoint-key, checkpoint, adopt-restore, prove, check-proof."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters.anchoring import anchor
from adapters.evidence.note import make_key, read_public_key
from adapters.proving import ProvenCase, prove_case, prove_growth
from adapters.proving import check_proof as check_file
from adapters.verifying import begin_epochs, look_at_pages, read_checkpoints, take_checkpoint
from adapters.verifying import verify as verify_logs
from adapters.whole_files import write_file
from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.options import FINDING, DistrictOption, JsonOption, StoreOption, guarded
from ops.printing import console
from ops.printing.proofs import plain_consistency, plain_inclusion, print_consistency, print_inclusion
from ops.printing.verification import plain_verification, print_verification

__all__ = ["adopt_restore", "check_proof", "checkpoint", "checkpoint_key", "prove", "verify"]

PublicKeyOption = Annotated[Path | None, typer.Option("--key", help="The public key: a .pub file of checkpoint-key.")]


@app.command()
@guarded
def verify(
    store: StoreOption,
    *,
    district: DistrictOption = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help="Also hold the log against this; repeatable.")
    ] = None,
    key: PublicKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Walk the log: is it what was written? Exit code 1 and the position where it is not.

    The store alone shows a change; a checkpoint kept elsewhere also shows a tail cut off, or a history written anew. Each
    snapshot (存档) of a long stream is held against its facts, and the database looks at its own pages (数据页), too.

    Example: casecore verify --store sqlite:///cases.db --checkpoint cases.checkpoint --key hall.key.pub
    """
    if checkpoint and key is None:
        raise BadInput(Flaw.USAGE, "--checkpoint", "needs the public key it was signed with, --key")
    if key is not None and not checkpoint:
        raise BadInput(Flaw.USAGE, "--key", "is the key of a --checkpoint, and none is given")
    seen = read_checkpoints(checkpoint, read_public_key(key)) if checkpoint and key else []
    if others := [found.district for found in seen if district not in (None, found.district)]:
        raise BadInput(Flaw.USAGE, "--checkpoint", f"of log {others[0]}, not of {district}")
    results = verify_logs(store, seen, district=district)
    pages = look_at_pages(store)
    if as_json:
        console.put_json(plain_verification(results, pages))
    else:
        print_verification(results, seen, pages)
    wrong = any(found.first_bad_position is not None or found.wrong_snapshots for found in results.values())
    if wrong or pages.damage is not None:
        raise typer.Exit(FINDING)


@app.command("checkpoint-key")
@guarded
def checkpoint_key(file: Annotated[Path, typer.Argument(help="For whoever signs; FILE.pub is for everybody.")]) -> None:
    """Make a key to sign checkpoints with (Ed25519).

    Example: casecore checkpoint-key hall.key
    """
    public = make_key(file)
    console.out.print(f"{file}: keep it from everybody\n{public}: give it to everybody")


@app.command()
@guarded
def checkpoint(
    store: StoreOption,
    *,
    key: Annotated[Path, typer.Option("--key", help="The private key of checkpoint-key.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; keep it where the store's owner cannot reach.")],
    district: DistrictOption = None,
    hook: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            envvar="CASECORE_ANCHOR",
            help="Also hand it to somebody outside (外部锚定): a command that reads it, or an http(s) URL it is posted to.",
        ),
    ] = None,
) -> None:
    """Verify a log and sign what was seen: size, Merkle root, head, instant, epoch (存证点). Exit code 1 if it is not whole.

    A file that is there is replaced only by a checkpoint of the same log gone on. Exit code 3 if the anchor did not take it.

    Example: casecore checkpoint --store sqlite:///cases.db --key hall.key --out cases.checkpoint
    """
    seen = take_checkpoint(store, key, out, district=district)
    console.out.print(f"{out}: log {seen.district}, {seen.size} events, at {seen.at}")
    if hook is not None:
        anchor(hook, out.read_text("utf-8"))


@app.command("adopt-restore")
@guarded
def adopt_restore(store: StoreOption, *, district: DistrictOption = None) -> None:
    """Take up a store that was restored or set back (恢复接管): each of its logs begins a new epoch.

    Programs that run on it forget what they remember and go on from what is there; one that has seen the new epoch refuses
    the store that was left behind. A standby that is promoted begins its epoch by itself.

    Example: casecore adopt-restore --store sqlite:///cases.db
    """
    for name, head in begin_epochs(store, district=district).items():
        console.out.print(f"log {name}: epoch {head.epoch}, from position {head.position}")


@app.command()
@guarded
def prove(
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="办件编号, or of a package or drop box.")] = None,
    *,
    store: StoreOption,
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="The checkpoint to prove against.")],
    since: Annotated[Path | None, typer.Option("--since", help="Instead of a case: an earlier checkpoint.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Default: stdout.")] = None,
) -> None:
    """Write a proof (证明) that a case's facts are in the log a checkpoint saw, to be checked without the store.

    With --since: that the log of an earlier checkpoint is the beginning of that of the later one.

    Example: casecore prove DEMO-0001 --store sqlite:///cases.db --checkpoint cases.checkpoint --out DEMO-0001.proof
    """
    if case is not None and since is None:
        written = prove_case(store, case, checkpoint).written()
    elif case is None and since is not None:
        written = prove_growth(store, since, checkpoint).written()
    else:
        raise BadInput(Flaw.USAGE, "prove", "either a case or --since, an earlier checkpoint")
    if out is None:
        sys.stdout.write(written.decode())
    else:
        write_file(out, written)
        console.out.print(f"{out}: {len(written)} bytes")


@app.command("check-proof")
@guarded
def check_proof(
    file: Annotated[Path, typer.Argument(help="A proof of casecore prove.")],
    *,
    key: Annotated[Path, typer.Option("--key", help="The public key: a .pub file of checkpoint-key.")],
    as_json: JsonOption = False,
) -> None:
    """Check a proof with the public key alone, and say what it proves. Exit code 1 and the event when it does not hold.

    Example: casecore check-proof DEMO-0001.proof --key hall.key.pub
    """
    found = check_file(file, read_public_key(key))
    if isinstance(found, ProvenCase):
        console.put_json(plain_inclusion(*found)) if as_json else print_inclusion(*found)
    else:
        console.put_json(plain_consistency(*found)) if as_json else print_consistency(*found)
