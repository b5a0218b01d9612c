"""What is asked of a fitted model: tests of terms, predictions, average effects, fit, contrasts."""

import re
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .formulas import Asked, asked, family_of, fitted
from .layout import once, plain, square, tested
from .models import binary_model, effect_rows, fit_statistics, survey_model
from .samples import base_case, design_of, frame_of, listed, numeric


def model_of(case: Case, library: Library) -> tuple[Any, Asked]:
    """The model that a case names."""
    base = base_case(case, library)
    if base is None:
        raise LookupError(f"no case holds the model {case.args.get('model', '')!r}")
    return binary_model(base, library, "model") if base.topic == "binary" else survey_model(base, library)


@adapter("b.termtest")
def term_test(case: Case, library: Library) -> dict[str, Any]:
    """regTermTest: Wald, and Rao-Scott's likelihood ratio."""
    model, prepared = model_of(case, library)
    terms = [prepared.label(label) for label in listed(case.args["term"])]
    wald = once(lambda: model.test(*terms))
    ratio = once(lambda: model.test(*terms, method="likelihood_ratio"))
    return {
        "wald_F": lambda: tested(wald(), statistic="F", df="df1", df_denominator="df2", p="p"),
        "wald_chi2": lambda: {"chi2": wald().extra["chi2"], "df": wald().df, "p": wald().extra["chi2_p"]},
        "rao_scott_LRT": lambda: _working(ratio()),
        "rao_scott_LRT_dfInf": lambda: {**_working(ratio()), "p": ratio().extra["chi2_p"]},
        "working_wald": lambda: _working(model.test(*terms, method="working_wald")),
    }


def _working(test: sa.Test) -> dict[str, Any]:
    """A working statistic with the eigenvalues that its distribution rests on, the largest first."""
    deffs = [value for name, value in test.extra.items() if name.startswith("deff_")]
    return {**tested(test, statistic="chisq", df="df", df_denominator="ddf", p="p"), "lambda": deffs}


@adapter("b.predict")
def predictions(case: Case, library: Library) -> dict[str, Any]:
    """predict(svyglm) at new data, on the scale of the response and of the linear predictor."""
    model, _ = model_of(case, library)
    grid = pd.DataFrame({name: listed(values) for name, values in case.args["newdata"].items()})
    rows = [f"row{i + 1}" for i in range(len(grid))]
    response = once(lambda: model.predict(grid))
    link = once(lambda: model.predict(grid, scale="link"))

    def column(result: Any, name: str) -> pd.Series:
        return result.frame[name].set_axis(rows)

    return {
        "response": lambda: column(response(), "estimate"),
        "se_response": lambda: column(response(), "se"),
        "link": lambda: column(link(), "estimate"),
        "se_link": lambda: column(link(), "se"),
        "vcov_link": lambda: square(link().covariance, rows),
    }


@adapter("b.ame")
def average_effects(case: Case, library: Library) -> dict[str, Any]:
    """Average effects with the covariates fixed."""
    model, prepared = model_of(case, library)
    rows = effect_rows(model, covariates="fixed")
    return {label: rows[prepared.label(label)] for label in case.values}


@adapter("b.fitstat")
def fit(case: Case, library: Library) -> dict[str, Any]:
    """Deviances, pseudo R2 and dAIC of a model."""
    model = model_of(case, library)[0]
    measures = once(lambda: model.fit_measures().extra)
    named = {"eff_p": "effective_parameters", "deltabar": "mean_deff"}
    return {
        **fit_statistics(model),
        "dAIC": {
            **{theirs: lambda ours=ours: measures()[ours] for theirs, ours in named.items()},
            # R's begins from the deviance, ours from minus twice the log-likelihood
            "AIC": lambda: measures()["daic"] + model.extra["deviance"] + 2 * model.extra["loglik"],
        },
    }


@adapter("c.vif")
def variance_inflation(case: Case, library: Library) -> dict[str, Any]:
    """car::vif of the model that words name."""
    model, _ = model_of(case, library)
    frame = once(lambda: model.variance_inflation().frame.set_index("term"))
    named = {"GVIF": "gvif", "Df": "df", "GVIF_adj": "gvif_scaled"}
    return {theirs: lambda ours=ours: frame()[ours] for theirs, ours in named.items()}


@adapter("c.gof")
def goodness_of_fit(case: Case, library: Library) -> dict[str, Any]:
    """Hosmer and Lemeshow's test in as many groups as words say; of the logit on the same data where none is named."""
    base = base_case(case, library) or next(
        (other for other in library.cases.values() if other.topic == "binary" and other.data == case.data), None
    )
    groups = re.search(r"(\d+) groups", case.spec)
    if base is None or groups is None:
        raise LookupError("no words say of which model, or in how many groups")
    model, _ = binary_model(base, library, "model")
    test = once(lambda: model.goodness_of_fit("hosmer_lemeshow", int(groups[1])))
    return {"HL": lambda: tested(test(), statistic="chi2", df="df", p="p")}


@adapter("c.tests")
def nested_tests(case: Case, library: Library) -> dict[str, Any]:
    """Tests of dropping terms from the model of another case, which words name: "dropping a and b from ..."."""
    model, _ = model_of(case, library)
    dropped = re.search(r"dropping (.+?) from ", case.spec)
    if dropped is None:
        raise LookupError("no words say which terms are dropped")
    terms = re.split(r",\s*|\s+and\s+", dropped[1])
    wald = once(lambda: model.test(*terms))
    ratio = once(lambda: model.test(*terms, method="likelihood_ratio"))
    return {
        "Wald_chi2": lambda: tested(wald(), statistic="chi2", df="df", p="p"),
        "Wald_F": lambda: {"F": wald().extra["f"], "p": wald().extra["f_p"]},
        "LR": lambda: tested(ratio(), statistic="chi2", df="df", p="p"),
    }


@adapter("c.margins")
def marginal_means(case: Case, library: Library) -> dict[str, Any]:
    """emmeans: predictions at each level of a question ("marginal means of g"), the other questions held as there."""
    model, prepared = model_of(case, library)
    name = re.search(r"means of ([\w.]+)", case.spec)
    if name is None:
        raise LookupError("no words say of what the means are")
    levels = list(prepared.frame[name[1]].cat.categories)
    grid = {name[1]: levels, **_halfway(prepared, [q for q in model.model_frame.formula.questions if q != name[1]])}
    labels = [f"{name[1]}{level}" for level in levels]
    response = once(lambda: model.predict(grid).frame.set_axis(labels, axis=0))
    link = once(lambda: model.predict(grid, scale="link").frame.set_axis(labels, axis=0))
    return {
        "prob": lambda: response()["estimate"],
        "se_prob": lambda: response()["se"],
        "link": lambda: link()["estimate"],
        "se_link": lambda: link()["se"],
    }


def _halfway(prepared: Asked, names: list[str]) -> dict[str, list[float]]:
    """emmeans averages over the values of a number that has two of them only (its cov.keep), and means others at means.

    It would average over the levels of other factors too, which no single prediction does.
    """
    if not all(numeric(prepared.frame, name) for name in names):
        raise LookupError("the model has other factors, whose levels emmeans averages over")
    two = [name for name in names if prepared.frame[name].nunique() == 2]
    return {name: [float(prepared.frame[name].dropna().unique().mean())] for name in two}


@adapter("b.predmeans")
def predictive_margins(case: Case, library: Library) -> dict[str, Any]:
    """svypredmeans: everybody set to each level of a factor, which the model holds besides what its formula says.

    Its errors add those of the averaging to those of the coefficients, without their covariance.
    """
    outer = next(iter(r_calls.calls(case.r_call, "svypredmeans")))
    inner = next(iter(r_calls.calls(case.r_call, "svyglm", "glm")))
    written = inner.get("family")
    family = family_of(r_calls.write(written) if written else "gaussian")
    group = r_calls.write(outer.get("groupfactor", 1)).lstrip("~ ")
    formula = f"{r_calls.write(inner.get('formula', 0))} + {group}"
    prepared = asked(formula, case, library, frame_of(case, library), family[0])
    model = fitted(design_of(case, library, prepared.frame), prepared.formula, family)
    name = model.model_frame.formula.questions[-1]
    means = once(
        lambda: model.marginal_means(name, covariates="added").frame.pipe(
            lambda frame: frame.set_axis(frame[name].map(plain))
        )
    )
    return {"est": lambda: means()["estimate"], "se": lambda: means()["se"]}
