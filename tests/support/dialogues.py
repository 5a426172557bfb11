"""What a client says over the wire: an append, a batch, a start, a page of the log, a page of fact rows."""

from typing import Final

from adapters.following import Followers
from adapters.tables import Tables
from casecore import CaseCommand, Receipt, Recorded
from support.wire_driver import Dialogue, Driver

A_BATCH: Final = 12


def asking(driver: Driver, name: str, how_many: int) -> Dialogue:
    def then(commands: list[CaseCommand], receipts: tuple[Receipt, ...]) -> int:
        driver.remember(commands, receipts)
        return driver.recorded_at(commands[-1])

    def call(commands: list[CaseCommand]) -> tuple[Receipt, ...]:
        return driver.handle(driver.wired, commands)

    return Dialogue(name, lambda: warm(driver, driver.notes(how_many)), call, then)


def an_append(driver: Driver) -> Dialogue:
    return asking(driver, "append", 1)


def a_batch(driver: Driver) -> Dialogue:
    return asking(driver, "batch of 12", A_BATCH)


def a_start(driver: Driver) -> Dialogue:
    """Connecting is part of it: every try opens an engine of its own."""

    def call(commands: list[CaseCommand]) -> tuple[Receipt, ...]:
        with driver.open() as engine:
            return driver.handle(engine, commands)

    held = asking(driver, "opening an engine and one append", 1)
    return held._replace(given=lambda: driver.notes(1), call=call)


def a_page(driver: Driver) -> Dialogue:
    def given() -> list[CaseCommand]:
        driver.insist(lambda: list(driver.wired.follow(driver.direct.log.head().position)))
        return past_the_wire(driver)

    def call(commands: list[CaseCommand]) -> list[Recorded]:
        return list(driver.wired.follow(driver.told[str(commands[0].command_id)].position - 1))

    def then(commands: list[CaseCommand], page: list[Recorded]) -> None:
        assert [fact.envelope.command_id for fact in page] == [command.command_id for command in commands]

    return Dialogue("following a page", given, call, then)


def fact_rows(driver: Driver, tables: Tables) -> Dialogue:
    """One page of the log into the fact tables; the checkpoint says that it is in."""
    followers = Followers([driver.wired.log], tables)

    def given() -> list[CaseCommand]:
        driver.insist(followers.follow)
        return past_the_wire(driver)

    def then(commands: list[CaseCommand], followed: int) -> int | None:
        last = driver.told[str(commands[-1].command_id)]
        sql = "SELECT stream_version FROM case_facts WHERE log = %s AND case_id = %s"
        assert driver.eye.execute(sql, (driver.district, last.stream)).fetchall() == [(last.version,)]
        return None if followed else 0  # nothing left to follow: the rows were in when the wire broke

    return Dialogue("fact rows", given, lambda _: followers.follow(), then)


def warm(driver: Driver, commands: list[CaseCommand]) -> list[CaseCommand]:
    """The wire is up and its statements are prepared: the dialogue is as long every time."""
    driver.ask(driver.notes(1))
    return commands


def past_the_wire(driver: Driver) -> list[CaseCommand]:
    """A batch of facts that came in another way."""
    commands = driver.notes(A_BATCH)
    driver.remember(commands, driver.handle(driver.direct, commands))
    return commands
