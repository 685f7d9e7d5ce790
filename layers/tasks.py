"""The job that checks a version."""

from procrastinate.contrib.django import app

from layers import checking


@app.task(name=checking.CHECK)
def check(*, check_id: int) -> None:
    checking.make(check_id=check_id)
