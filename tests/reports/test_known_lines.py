"""A warm process learns the lines that every report has."""

from __future__ import annotations

import subprocess
import sys

from reports.pdf import PROJECT, environment

START = """
import os
from reports import known_lines, warm
from reports.less_work_on_lines import KNOWN
warm.warm_up()
page = ("<html lang='zh-CN'><head><title>题</title></head><body><p>一行 and more</p>"
    "<p style='width: 3em'>两行的字两行</p>"
    "<p>𬭊ש</p></body></html>").encode()
def found(text, width=None):
    return [line.text for line in (lines.find(text, width, (True, False)) for lines in KNOWN.values()) if line]
def learn(html):
    what, said = warm._apart(known_lines.learn, html, 60)
    assert what == warm.PRINTED, said
    known_lines.know(said)
"""


def said(code: str) -> list[str]:
    """Return what a process of its own prints: it forks, which this one with its threads should not."""
    command = [sys.executable, "-c", START + code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=environment(), check=True)
    return done.stdout.splitlines()


def test_the_lines_of_a_page_are_known_to_the_process_that_had_a_child_print_it():
    code = "print(found('一行 and more')); learn(page); print(found('一行 and more'), found('𬭊ש'), found('没有'))"

    assert said(code) == ["[]", "['一行 and more'] ['𬭊ש'] []"]


def test_a_line_that_was_whole_is_known_wherever_it_fits_and_a_broken_one_where_it_was():
    code = """
learn(page)
print(found('一行 and more', 500.0), found('一行 and more', 20.0))
[wide] = [room[1] for lines in KNOWN.values() for room in lines._of_width if room[0] == '两行的字两行']
print(found('两行的字两行', wide), found('两行的字两行', wide - 1), found('两行的字两行'))
"""

    assert said(code) == ["['一行 and more'] []", "['两行的'] [] []"]


def test_a_second_lesson_takes_nothing_from_the_first():
    code = "learn(page); learn(page.replace('一行'.encode(), '又一行'.encode()))\n"

    assert said(code + "print(found('一行 and more'), found('又一行 and more'))") == [
        "['一行 and more'] ['又一行 and more']"
    ]


def test_the_sample_is_learned_after_the_second_report_in_a_language():
    code = """
lessons = warm.Lessons()
for language in (b'zh-CN', b'en', b'zh-CN', b'zh-CN', b'en'):
    lessons.after(b'<html lang="%b">' % language)
    print(bool(found('样例汽车零部件厂（虚构）')), bool(found('Sample Car Parts Works (made up)')))
"""

    assert said(code) == ["False False", "False False", "True False", "True False", "True True"]


def test_a_lesson_that_fails_leaves_everything_as_it_was():
    code = """
def broken(language):
    raise ValueError('no sample')
known_lines.sample = broken
lessons = warm.Lessons()
lessons.after(b'<html lang="zh-CN">'), lessons.after(b'<html lang="zh-CN">')
print(len(KNOWN))
"""

    assert said(code) == ["0"]
