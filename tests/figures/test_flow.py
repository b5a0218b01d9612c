"""The case flow as drawn: every number, every arrow."""

from surveyanalysis.figures.flow import draw_flow
from surveyanalysis.figures.fonts import measure
from surveyanalysis.language import both

FLOW = {
    "steps": (
        (both("rows in the export", "내려받은 행"), 1243),
        (both("answers", "응답"), 238),
        (both("persons", "사람"), 221),
        (both("analysed", "분석대상"), 214),
    ),
    "drops": (
        (both("test and preview rows", "시험·미리보기 행"), 1005),
        (
            both(
                "same person through two associations (kept: the more complete answer)",
                "두 단체를 통해 두 번 답한 사람 (더 완전한 응답을 남김)",
            ),
            17,
        ),
        (both("broke off before question 5", "5번 문항 전에 중단"), 7),
    ),
    "branches": ((both("in companies", "기업 소속"), 57), (both("in universities", "대학 소속"), 81)),
    "title": "From export to analysis",
    "subtitle": "Every row accounted for; the ledger names each",
    "notes": ("Synthetic respondents.",),
}


def said(ax, part):
    return [t.get_text().replace("\n", " ") for t in ax.texts if t.get_gid() == part]


def test_every_stage_and_domain_has_a_box_with_its_number():
    ax = draw_flow(**FLOW)
    assert len([p for p in ax.patches if p.get_gid() == "box"]) == 6
    stages = ["1,243  rows in the export", "238  answers", "221  persons", "214  analysed"]
    assert said(ax, "stage") == [*stages, "57  in companies", "81  in universities"]


def test_what_leaves_stands_between_the_stages():
    ax = draw_flow(**FLOW, lang="ko")
    assert said(ax, "drop")[0] == "1,005  시험·미리보기 행"
    boxes = sorted(p.get_bbox().y0 for p in ax.patches if p.get_gid() == "box")[:4]
    places = [t.get_position()[1] for t in ax.texts if t.get_gid() == "drop"]
    assert all(upper < place < lower for upper, place, lower in zip(boxes, places, boxes[1:]))


def test_the_numbers_add_up_as_drawn():
    """Stage minus what left is the next stage."""
    left = [n for _, n in FLOW["steps"]]
    assert [a - d for a, (_, d) in zip(left, FLOW["drops"])] == [238, 221, 214]


def test_boxes_do_not_touch():
    ax = draw_flow(**FLOW, lang="both", width=3.3)
    boxes = [p.get_bbox() for p in ax.patches if p.get_gid() == "box"]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0
            assert apart


def test_a_flow_of_one_stage_can_be_drawn():
    ax = draw_flow(((both("answers", "응답"), 57),), ())
    assert said(ax, "stage") == ["57  answers"]


def test_boxes_are_not_cut_at_the_edges_of_the_axes():
    ax = draw_flow(**FLOW)
    assert not any(patch.get_clip_on() for patch in ax.patches if patch.get_gid() == "box")


def test_further_lines_of_a_drop_stand_under_its_first_word():
    drops = [(both("the same person through two associations, kept is the more complete answer", "중복"), 17)]
    ax = draw_flow([(both("a", "가"), 20), (both("b", "나"), 3)], drops)
    first, *more = next(t.get_text() for t in ax.texts if t.get_gid() == "drop").split("\n")
    indent = measure("17  ", 9)
    assert first.startswith("17  the same")
    assert more
    assert all(abs(measure(line[: len(line) - len(line.lstrip())], 9) - indent) < 3 for line in more)
