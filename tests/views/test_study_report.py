"""Findings are of the study and take two pages; nothing that is found is lost."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from sim import Run, load_scenario
from sim.questions.compare import Comparison, compare
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.questions.size import Sizing
from sim.runs.replicate import replicate
from sim.scenario.scenario import Scenario
from sim.storage.answers import QUESTIONS
from sim.text import LANGUAGES, Language, Text, load_text
from sim.views.blocks import PictureBlock, SentenceBlock, Tone, say_each
from sim.views.comparison_findings import advice, comparison_findings
from sim.views.findings import PARTS, AnnexPart, Findings, PartName, pictures_in
from sim.views.report_kinds import FINDINGS, report_of
from sim.views.stress_des import ITEMS, method_table
from sim.views.study_report import StudyReport, study_report
from sim.views.style import width_of
from sim.views.two_pages import MUST, Frame, fitted, type_sizes
from tests.questions.test_extend import area
from tests.views.sized import sized

TONES: tuple[Tone, ...] = ("answer", "plain", "point", "caution")
SENTENCES = st.builds(
    SentenceBlock, st.text("测算 a1", min_size=1, max_size=200), st.sampled_from(TONES)
)
EDITS = (
    *("run.measured_days=7", "run.warmup_days=3", "run.start=2025-04-07"),
    *("applicants.patience.mean=25 min", "matters.shop.service.base.mean=14 min"),
    *("demand.shop.per_day=44", "money.clerk_yuan_per_hour=41"),
    *("layouts.one.windows.any.clerks=4", "equal_budget=none"),
)


@pytest.fixture(scope="module")
def sizing(scenario: Scenario) -> Sizing:
    return sized(scenario)


@pytest.fixture(scope="module")
def extension() -> Extension:
    run = Run(replications=2, seed=3, engine="reference", workers=1)
    return extend(area(), ["port", "ridge"], run=run)


@pytest.fixture(scope="module")
def other(tiny_text: str, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The same hall with other numbers, two of them without their source."""
    path = tmp_path_factory.mktemp("other") / "tiny.yaml"
    path.write_text(tiny_text.replace(", source: a count", ""), encoding="utf-8")
    scenario = load_scenario(path, EDITS)
    return compare(
        replicate(scenario, run=Run(replications=4, seed=9, engine="reference", workers=1))
    )


def told(report: StudyReport) -> list[str]:
    """Sentences of the findings."""
    return [sentence.words for part in report.parts for sentence in part.sentences]


def test_every_kind_that_is_kept_has_a_report() -> None:
    """What turns a verdict is told with the comparison."""
    assert set(FINDINGS) == {kind for kind, question in QUESTIONS.items() if not question.about}


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_come_in_the_order_in_which_they_are_asked(
    comparison: Comparison, sizing: Sizing, extension: Extension, language: Language
) -> None:
    text = load_text(language)
    for kind, answer in (("compare", comparison), ("size", sizing), ("extend", extension)):
        report = report_of(kind, answer, text)
        assert [part.name for part in report.parts] == [*PARTS]
        assert report.scenario.hash in report.imprint
        ordinals = [text(f"document.ordinal.{n}") for n in range(1, len(PARTS) + 1)]
        assert [part.heading[0] for part in report.parts] == ordinals


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_with_a_number_is_of_the_study(
    comparison: Comparison, other: Comparison, language: Language
) -> None:
    """With other numbers in the scenario, other days, another seed and other replications, no
    sentence that holds a number is the same.
    """
    text = load_text(language)
    before, after = (
        {words for words in told(report_of("compare", each, text)) if re.search(r"\d", words)}
        for each in (comparison, other)
    )
    assert len(before) > 4
    assert before & after == set()


class TestAdvice:
    EN = load_text("en")

    def test_nothing_is_advised_where_nothing_is_sure(self, comparison: Comparison) -> None:
        """Three replications of six days tell nothing apart by all headline measures alike."""
        one_layout = comparison._replace(
            study=comparison.study._replace(
                layouts=comparison.study.layouts[:1],
                plans=comparison.study.plans[:1],
                tallies=comparison.study.tallies[:1],
            )
        )
        assert "no ground" in advice(compare(one_layout.study), self.EN)

    def test_it_names_no_layout_but_a_winner(self, comparison: Comparison) -> None:
        said = advice(comparison, self.EN)
        [answer] = [
            block.words
            for block in comparison_findings(comparison, self.EN).parts["answer"]
            if block.tone == "answer"
        ]
        for name in re.findall("“(.+?)”", said):
            assert f"“{name}” is better than every other layout" in answer


class TestTwoPages:
    @given(st.dictionaries(st.sampled_from(PARTS), st.lists(SENTENCES, min_size=1, max_size=9)))
    def test_what_is_chosen_fits_unless_it_must_be_said(
        self, sentences: dict[PartName, list[SentenceBlock]]
    ) -> None:
        text = load_text("zh")
        said = {name: tuple(dict.fromkeys(blocks)) for name, blocks in sentences.items()}
        chosen, size, _ = fitted(said, Frame(("题",), "", {}, ()), text)
        lines = sum(
            math.ceil((width_of(block.words) + 4) / size.columns)
            for blocks in chosen.values()
            for block in blocks
        )
        optional = [
            block for name in chosen for block in chosen[name][1:] if block.tone not in MUST
        ]
        if lines > size.lines:
            assert size == type_sizes(text)[-1]
            assert not optional

    @given(st.lists(SENTENCES, min_size=1, max_size=40))
    def test_sentences_keep_their_order_and_what_must_be_said_is_said(
        self, sentences: list[SentenceBlock]
    ) -> None:
        said: dict[PartName, tuple[SentenceBlock, ...]] = {"answer": tuple(sentences)}
        chosen, _, _ = fitted(said, Frame((), "", {}, ()), load_text("en"))
        chosen_blocks = [block for block in sentences if block in chosen["answer"]]
        assert list(chosen["answer"]) == chosen_blocks
        assert {block for block in sentences if block.tone in MUST} <= set(chosen_blocks)

    @given(
        st.dictionaries(st.sampled_from(PARTS), st.lists(SENTENCES, min_size=1, max_size=9)),
        st.floats(20.0, 270.0),
    )
    def test_a_picture_has_room_beside_what_is_chosen(
        self, sentences: dict[PartName, list[SentenceBlock]], height: float
    ) -> None:
        """It is left out before the smallest size is taken, and never pushes a sentence out."""
        text = load_text("zh")
        said = {name: tuple(dict.fromkeys(blocks)) for name, blocks in sentences.items()}
        chosen, size, behind = fitted(said, Frame(("题",), "", {}, ()), text, height)
        lines = sum(
            math.ceil((width_of(block.words) + 4) / size.columns)
            for blocks in chosen.values()
            for block in blocks
        )
        if behind is not None:
            assert lines + height / size.pitch + 1 <= size.lines
            assert size != type_sizes(text)[-1]
        elif size == type_sizes(text)[0]:
            without = fitted(said, Frame(("题",), "", {}, ()), text)
            assert (chosen, size) == without[:2]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_first_figure_stands_behind_the_answer_and_not_again(
        self, comparison: Comparison, language: Language
    ) -> None:
        findings = comparison_findings(comparison, load_text(language))
        report = study_report(findings, load_text(language))
        of_study = [picture.name for picture in pictures_in(findings.annexes)]
        assert report.picture is not None
        assert report.picture.name == of_study[0] == "headlines"
        assert [picture.name for picture in report.pictures] == of_study
        assert report.picture not in pictures_in(report.annexes)

    def test_a_tall_figure_stays_in_its_annex(self, comparison: Comparison) -> None:
        text = load_text("en")
        findings = comparison_findings(comparison, text)
        tall = PictureBlock("tall", "Tall", lambda: Figure(figsize=(4, 5)))
        report = study_report(findings._replace(annexes=(AnnexPart("One", (tall,)),)), text)
        assert report.picture is None
        assert report.pictures == [tall]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_has_no_room_stands_in_the_first_annex(
        self, comparison: Comparison, language: Language
    ) -> None:
        text = load_text(language)
        findings = comparison_findings(comparison, text)
        many = say_each((f"{n} " + "第" * 120 for n in range(40)), "point")
        crowded = findings._replace(
            parts={**findings.parts, "sureness": (*findings.parts["sureness"], *many)}
        )
        report = study_report(crowded, text)
        first = report.annexes[0]
        assert first.heading == text("document.part.more")
        left = {block.words for block in first.blocks if isinstance(block, SentenceBlock)}
        every = {
            block.words.replace("） ", "）")
            for blocks in crowded.parts.values()
            for block in blocks
        }
        assert every <= left | {*told(report)}
        assert left


class TestMethod:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_item_is_answered(self, comparison: Comparison, language: Language) -> None:
        table = method_table(*self.of(comparison, language))
        assert [row[0] for row in table.rows] == [*ITEMS]
        assert all(str(row[2]).strip() for row in table.rows)

    def test_the_numbers_of_the_run_are_in_it(self, comparison: Comparison) -> None:
        words = " ".join(str(row[2]) for row in method_table(*self.of(comparison, "en")).rows)
        study = comparison.study
        run = study.scenario.run
        for value in (
            *(study.replications, study.seed, run.warmup_days, run.measured_days),
            *(run.followup_days, study.scenario.hash, len(study.scenario.matters)),
        ):
            assert re.search(rf"\b{value}\b", words)

    @staticmethod
    def of(comparison: Comparison, language: Language) -> tuple[Findings, Text]:
        text = load_text(language)
        return comparison_findings(comparison, text), text
