"""The examples of the pages in docs/ run as they stand, one after the other, in one folder."""

import inspect
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.cleaning.steps import STEPS
from surveyanalysis.codebook.checks import KEYS_OF
from surveyanalysis.codebook.schema import CodebookFile, QuestionEntry, SourceEntry, SurveyEntry
from tests import references

DOCS = Path(__file__).parent.parent / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page(name), flags=re.DOTALL)


def run(code: str, name: str, **given: object) -> dict[str, object]:
    names = dict(given)
    exec(compile(code, name, "exec"), names)
    return names


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("codebook", "recipe"):
        Path(f"{name}.yaml").write_text(blocks(f"{name}.md", "yaml")[0], encoding="utf-8")
    return tmp_path


def test_the_example_of_ten_questions_is_made_up_written_and_cleaned(folder):
    found = run(blocks("codebook.md", "python")[0], "codebook.md")
    survey = found["survey"]
    assert isinstance(survey, sa.Survey)
    assert len(survey) == 60
    assert not {"barriers_money", "policies_tax", "climate_open", "age", "happy"} - set(survey.frame)
    assert {entry["age"] + entry["birth_year"] for _, entry in survey.frame.dropna(subset=["age"]).iterrows()} == {2024}
    own = run(blocks("recipe.md", "python")[0], "recipe.md")["survey"]
    assert isinstance(own, sa.Survey)
    assert 1999 not in set(own.frame["birth_year"].dropna())


def test_the_page_on_designs_runs_and_its_numbers_are_true():
    found = run("\n".join(blocks("designs.md", "python")), "designs.md")
    before, after = (sa.mean(found[name], "api00").frame["se"].item() for name in ("design", "calibrated"))
    assert (round(after, 1), round(before, 1)) == (3.4, 23.5)


def test_the_page_on_estimates_runs_and_its_two_ways_to_standardise_agree():
    frame = references.data("apiclus1").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("estimates.md", "python")), "estimates.md", frame=frame)
    columns = ["estimate", "se"]
    assert_allclose(found["rates"].frame[columns], found["same"].frame[columns], rtol=1e-10)
    assert [round(x, 2) for x in found["gain"].frame["estimate"]] == [37.19, 0.06]
    assert set(re.findall(r"`sa\.(\w+)\(", page("estimates.md"))) <= set(sa.__all__)


def test_the_page_on_tables_of_models_runs_and_writes_its_table(folder):
    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("model_tables.md", "python")), "model_tables.md", frame=frame)
    assert Path("table4.docx").stat().st_size > 10_000
    assert found["table"].blocks["terms"].tolist() == found["blocks"]["terms"].tolist() == ["ell, mobility"]
    options = {name for name in inspect.signature(sa.compare_models).parameters if name != "models"}
    assert not {name for name in options if f"`{name}`" not in page("model_tables.md")}


def test_the_page_on_formulas_runs_and_names_every_function():
    from surveyanalysis.analysis.grammar import FUNCTIONS

    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("formulas.md", "python")), "formulas.md", frame=frame)
    assert found["curve"].frame["estimate"].between(0.8, 1).all()
    assert not found["curve"].frame["estimate"].is_monotonic_increasing
    assert found["bends"].df == 3 and found["effect"].frame["term"].tolist() == ["meals"]
    assert not {name for name in FUNCTIONS if f"`{name}(" not in page("formulas.md")}


def test_the_page_on_diagnostics_runs_and_names_every_method():
    from surveyanalysis.analysis.diagnosed import Diagnosed

    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("diagnostics.md", "python")), "diagnostics.md", frame=frame)
    assert 0 < found["needed"].p < 1 and 0 < found["fits"].p < 1
    assert (found["unseen"].frame.query("measure == 'auc'")["optimism"] > 0).all()
    assert len(found["first"]) == 5 and found["area"].frame["estimate"].between(0.5, 1).all()
    methods = {name for name in vars(Diagnosed) if not name.startswith("_")}
    assert methods <= set(re.findall(r"`model\.(\w+)\(", page("diagnostics.md")))


def test_the_page_on_models_runs_and_names_every_verb():
    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    quarter = pd.cut(frame["api00"], [0, 550, 650, 750, 1000], labels=list("abcd"))
    found = run("\n".join(blocks("models.md", "python")), "models.md", frame=frame.assign(quarter=quarter))
    assert found["lines"].frame["term"].tolist() == ["(all)", "meals", "ell"]
    assert found["freed"].extra["loglik"] > found["odds"].extra["loglik"]
    assert found["steps"].n == found["odds"].n == 200
    assert found["elsewhere"].frame["level"].tolist() == ["low", "high"] and found["together"].df == 2
    verbs = set(re.findall(r"`sa\.(\w+)", page("models.md")))
    assert (
        {"logit", "ordered", "multinomial", "continuation_ratio", "bivariate_probit", "poisson"}
        <= verbs
        <= set(sa.__all__)
    )


def test_the_page_on_selection_runs_and_names_every_view_and_test():
    from surveyanalysis.analysis.selected_answers import VIEWS
    from surveyanalysis.analysis.two_stage_model import TwoStageModel

    frame = references.data("PSID1976")
    frame["lwage"] = frame["lwage"].where(frame["s"] == 1)
    frame = frame.assign(
        college=(frame["education"] > 12).astype(int), heducated=(frame["heducation"] > 12).astype(int)
    )
    found = run("\n".join(blocks("selection.md", "python")), "selection.md", frame=frame)
    assert abs(found["wages"].extra["rho"] - found["steps"].extra["rho"]) < 0.1
    assert found["mothers"].frame["term"].tolist() == ["education", "youngkids"]
    assert found["strong"].frame["statistic"].item() > 19.93 and found["valid"].df == 1
    assert found["alike"].df == 2 and found["linked"].df == 3 and found["needed"].p < 1 > found["apart"].p
    assert all(f'`"{view}"`' in page("selection.md") for view in VIEWS)
    tests = {name for name in ("first_stage", "endogeneity", "overidentification") if hasattr(TwoStageModel, name)}
    assert tests <= set(re.findall(r"`\.(\w+)\(", page("selection.md")))


def test_the_page_on_counts_runs_and_names_every_verb_and_method():
    from surveyanalysis.analysis.counts_diagnosed import CountsDiagnosed
    from surveyanalysis.studies import study_folder

    frame = pd.read_csv(study_folder("gallery") / "biochemists.csv")
    schools = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    schools["learners"] = (schools["ell"] * schools["enroll"] / 100).round()
    found = run("\n".join(blocks("counts.md", "python")), "counts.md", frame=frame, schools=schools)
    assert found["ratio"].p < 0.001 > found["regression"].p
    assert found["gain"].frame["term"].tolist() == ["ment"]
    few, many = found["per_pupil"].frame["estimate"]
    assert 0 < few < many < 1
    words = page("counts.md")
    homes = ("count_models",)
    verbs = {n for n in sa.__all__ if getattr(getattr(sa, n), "__module__", "").split(".")[-1] in homes}
    assert verbs == set(re.findall(r"`sa\.(\w+)", words))
    methods = {name for name, own in vars(CountsDiagnosed).items() if inspect.isfunction(own) and name[0] != "_"}
    assert not {name for name in methods if f".{name}(" not in words}


def test_the_page_on_limits_runs_and_names_every_verb_and_view():
    from surveyanalysis.analysis.limited_laws import Banded, Beta, Tobit, Truncated, TwoPart

    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    frame["meal_class"] = pd.cut(frame["meals"], [-1, 10, 30, 60, 101], labels=[1, 2, 3, 4])
    frame["over"], frame["part"] = (frame["ell"] - 5).clip(lower=0), frame["meals"] / 100
    found = run("\n".join(blocks("limits.md", "python")), "limits.md", frame=frame)
    whole, (inside, chance) = (found[n] for n in ("whole", "parts"))
    assert (whole.frame["estimate"].abs() > inside.frame["estimate"].abs()).all() and len(chance) == 2
    laws = Tobit(0, 9), Truncated(0, 9), Banded("lognormal"), TwoPart("truncated", "probit"), Beta((0, 1))
    words = page("limits.md")
    assert not {view for law in laws for view in law.views if f'"{view}"' not in words}
    homes = ("limits", "bands", "share_models")
    verbs = {n for n in sa.__all__ if getattr(getattr(sa, n), "__module__", "").split(".")[-1] in homes}
    assert verbs == set(re.findall(r"`sa\.(\w+)", words))


def test_the_page_on_linear_regression_runs_and_its_numbers_fit_together():
    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("linear.md", "python")), "linear.md", frame=frame)
    assert found["table"].extra["adjusted_r2"] < found["table"].extra["r2"]
    assert found["steps"].blocks["terms"].tolist() == ["meals, ell"]
    assert found["where"][0] < found["where"][1]
    assert found["turn"].effect_name == "turning point"
    from surveyanalysis.analysis.error_words import LINEAR_VARIANCES

    assert not {name for name in LINEAR_VARIANCES if f'`"{name}"`' not in page("linear.md")}


def test_the_page_on_printed_tables_runs_and_names_every_key(folder):
    import shutil

    from surveyanalysis.studies import study_folder
    from surveyanalysis.studies.table_file import NumberOf, TableShape

    shutil.copy(study_folder("gallery") / "biochemists.csv", folder)
    (folder / "articles.yaml").write_text(blocks("gallery.md", "yaml")[0], "utf-8")
    found = run(blocks("gallery.md", "python")[0], "gallery.md")["verdicts"]
    assert found.holds and found.counts["same"] == 4
    words = page("gallery.md")
    own = {"known", "needs", "file", "answers", "ordered", "repeat", "results", "rows", "columns"}
    assert own <= set(TableShape.model_fields)
    assert not {key for key in own | set(NumberOf.model_fields) if f"`{key}`" not in words}


def test_the_page_on_effects_runs_and_its_calls_agree_with_each_other():
    from surveyanalysis.analysis.margins import Margins

    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    quarter = pd.cut(frame["api00"], [0, 550, 650, 750, 1000], labels=list("abcd"))
    found = run("\n".join(blocks("effects.md", "python")), "effects.md", frame=frame.assign(quarter=quarter))
    elementary, high = (result.frame["estimate"].item() for result in found["first"])
    assert_allclose(found["second"].frame["estimate"].iloc[0], high - elementary, rtol=1e-6)
    means, pairs = found["means"].frame["estimate"], found["pairs"].frame["estimate"]
    assert_allclose(pairs.iloc[0], means[1] - means[0])
    assert_allclose(found["own"].frame["estimate"], [means[1] - means[0], np.log(means[1] / means[0])])
    assert len(found["panels"].child_axes) == 4
    methods = {name for name, own in vars(Margins).items() if inspect.isfunction(own)}
    assert methods <= set(re.findall(r"`model\.(\w+)\(", page("effects.md")))


def test_the_page_on_decompositions_runs_and_names_every_choice():
    from surveyanalysis.analysis.decomposition import METHODS, REFERENCES

    frame = references.data("apistrat").rename(columns=lambda name: name.replace(".", "_"))
    frame["high"] = (frame["api00"] > 650).astype(int)
    found = run("\n".join(blocks("decomposition.md", "python")), "decomposition.md", frame=frame)
    whole = {name: found[name].frame.query("term == '(total)'")["estimate"].to_numpy() for name in ("gap", "level")}
    assert_allclose(whole["gap"], -whole["level"])
    assert_allclose(found["shares"].frame["estimate"][:4], found["matched"].frame["estimate"][:4])
    words = page("decomposition.md")
    assert not {word for word in (*METHODS, *REFERENCES) if f'`"{word}"`' not in words}
    options = set(inspect.signature(sa.decomposition).parameters)
    assert not {name for name in options - {"data", "formula", "event", "confidence"} if f"{name}" not in words}


def test_the_page_on_small_samples_runs_and_names_every_verb():
    frame = references.data("apiclus1").rename(columns=lambda name: name.replace(".", "_"))
    found = run("\n".join(blocks("small_samples.md", "python")), "small_samples.md", frame=frame)
    assert found["together"].p < 0.001 < found["exact"].test("stype").p
    assert found["wild"].extra["clusters"] == 15
    assert 0 < found["permuted"].p < 1 and found["median"].frame["se"].item() > 0
    assert found["needed"].frame["odds_ratio"].round(2).item() == 2.13
    assert set(re.findall(r"`sa\.(\w+)\(", page("small_samples.md"))) <= set(sa.__all__)


def test_the_page_on_robustness_runs_and_names_every_choice():
    frame = references.data("apiclus1").rename(columns=lambda name: name.replace(".", "_"))
    quarter = pd.cut(frame["api00"], [0, 550, 650, 750, 1000], labels=[1, 2, 3, 4])
    frame = frame.assign(quarter=quarter, pw=frame["pw"] * (1 + (frame["stype"] == "H")))
    found = run("\n".join(blocks("robustness.md", "python")), "robustness.md", frame=frame)
    assert len(found["grid"]) == 48 and len(found["curve"].child_axes) == 2
    assert found["joint"].frame["p"].iloc[0] == 0.025 and found["grid"].summary["same_sign"].item() == 48
    assert len(found["without"].detail["p"]) == 183 and len(found["districts"].detail["p"]) == 15
    assert list(found["beside"].models) == ["weighted, as designed", "weighted, simple random",
                                            "unweighted, as designed", "unweighted, simple random"]  # fmt: skip
    options = set(inspect.signature(sa.specification_grid).parameters) - {"data", "outcome", "focus", "confidence"}
    assert not {name for name in options if f"`{name}`" not in page("robustness.md")} - {"step"}
    assert set(re.findall(r"`sa\.(\w+)\(", page("robustness.md"))) <= set(sa.__all__)


@pytest.mark.parametrize("model", [CodebookFile, SurveyEntry, SourceEntry, QuestionEntry])
def test_the_page_on_codebooks_names_every_key(model):
    keys = set(model.model_fields) - {"label"}
    assert not {key for key in keys if f"`{key}" not in page("codebook.md") and f"{key}:" not in page("codebook.md")}


def test_the_pages_name_every_type_of_question_and_every_step():
    assert not {kind for kind in KEYS_OF if f"`{kind}`" not in page("codebook.md") and kind != "grid"}
    assert not {word for word in STEPS if f"| `{word}` |" not in page("recipe.md")}
