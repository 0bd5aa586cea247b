"""Recognition of page images, offline: rapidocr with the models in its wheel, on one thread (a worker a core).

The page is turned upright first, then its lines are found, made straight and read; each keeps its box and confidence.
"""

import functools
import itertools
import math
import re
from bisect import bisect_left, bisect_right
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from annals.errors import Unreadable
from annals.extract.layout import Run
from annals.extract.ruling import Edge, rule
from annals.model import Record

Image = NDArray[np.uint8]
Corners = NDArray[np.float32]  # of one line: four points, from the upper left one clockwise

_SIDE = 1280  # pixels the longer side has for finding lines on a page like A4
_POINTS = 900.0  # the longer side of such a page; larger pages are looked at in more pixels
_WEAK = 0.5  # below this confidence a line is not taken for text
_ALIGNED = 3  # lines that begin at one place make it the edge of a column
_VOTERS = 7  # lines asked whether the page stands on its head


_HAN = "\u3400-\u9fff"
_NARROW = re.compile(f"(?<=[{_HAN}）])[,:;!?()]|[,:;!?()](?=[{_HAN}（])|(?<=（[{_HAN}])\\)")
_WIDE = str.maketrans(",:;!?()", "，：；！？（）")


class Recognised(Record, frozen=True, kw_only=True):
    """What was read on a page, its places measured on the page made upright and level.

    `weak` are lines too uncertain to be text; `rotation` (degrees against the clock) turned the image upright, `skew`
    (radians, clockwise) is by how much its lines then still fell.
    """

    runs: list[Run]
    weak: list[Run]
    edges: list[Edge]
    width: float
    height: float
    rotation: int
    skew: float
    confidence: float | None


@functools.cache
def _engine() -> RapidOCR:
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.max_side_len": 100_000,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "Rec.rec_batch_num": 1,
        }
    )


def recognise(image: Image, scale: float) -> Recognised:
    """Read the image of a page; `scale` is its pixels a point. Colours are in OpenCV's order."""
    rotation = 0
    if image.ndim == 2:
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    corners = _find_lines(image, scale)
    if corners and sum(_is_tall(line) for line in corners) > len(corners) / 2:
        corners = [_turned(line, image, 90) for line in corners]
        image, rotation = _turn(image, 90), 90
    if corners and _is_upside_down(image, corners):
        corners = [_turned(line, image, 180) for line in corners]
        image, rotation = _turn(image, 180), rotation + 180
    height, width = image.shape[0] / scale, image.shape[1] / scale
    if not corners:
        return Recognised(
            runs=[], weak=[], edges=[], width=width, height=height, rotation=rotation, skew=0.0, confidence=None
        )
    corners = _split_at_gutters(image, corners)
    crops = _engine().crop_text_regions(image, np.array(corners))
    corners = [_trim(points, crop) for points, crop in zip(corners, crops, strict=True)]
    read = _engine().recognize_txt(crops)
    skew = _skew(corners)
    straight = _straighten(corners, image.shape)
    runs: list[Run] = []
    weak: list[Run] = []
    for points, text, score in zip(straight, read.txts or (), read.scores or (), strict=True):
        if text.strip():
            run = _run(points / scale, full_width(text.strip()), float(score))
            (runs if score >= _WEAK else weak).append(run)
    _even_sizes(runs)
    known = [run.confidence for run in runs if run.confidence is not None]
    confidence = sum(known) / len(known) if known else None
    return Recognised(
        runs=runs,
        weak=weak,
        edges=_ruled(image, scale, skew),
        width=width,
        height=height,
        rotation=rotation % 360,
        skew=skew,
        confidence=confidence,
    )


def straightened(image: Image, seen: Recognised) -> Image:
    """The image as the places of `seen` are measured on it."""
    return _level(_turn(image, seen.rotation), seen.skew)


def _level(image: Image, skew: float) -> Image:
    if not skew:
        return image
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(skew), 1.0)
    white = (255, 255, 255)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=white), dtype=np.uint8)


def _find_lines(image: Image, scale: float) -> list[Corners]:
    engine = _engine()
    longer = max(image.shape[:2])
    wanted = _SIDE * max(1.0, longer / scale / _POINTS)
    detector = engine._load_det_model()  # type: ignore[no-untyped-call]
    detector.limit_side_len = int(min(wanted, longer, 4000))
    found = detector(image)
    return [] if found.boxes is None else [np.asarray(box, dtype=np.float32) for box in found.boxes]


def _is_tall(points: Corners) -> bool:
    width = math.dist(points[0], points[1])
    height = math.dist(points[0], points[3])
    return height > 1.5 * width


def _turn(image: Image, degrees: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, k=degrees // 90))


def _turned(points: Corners, image: Image, degrees: int) -> Corners:
    """The corners of a line in the image turned against the clock, again from the upper left one clockwise."""
    height, width = image.shape[:2]
    x, y = points[:, 0], points[:, 1]
    turned = np.stack((y, width - x) if degrees == 90 else (width - x, height - y), axis=1)
    across = turned[np.argsort(turned[:, 0], kind="stable")]
    left, right = sorted(across[:2], key=lambda point: point[1]), sorted(across[2:], key=lambda point: point[1])
    return np.asarray([left[0], right[0], right[1], left[1]], dtype=np.float32)


def _is_upside_down(image: Image, corners: list[Corners]) -> bool:
    widest = sorted(corners, key=lambda points: -math.dist(points[0], points[1]))[:_VOTERS]
    crops = _engine().crop_text_regions(image, np.array(widest))
    _, answer = _engine().cls_and_rotate(crops)
    return sum(label == "180" for label, _ in answer.cls_res or ()) > len(widest) / 2


def _split_at_gutters(image: Image, corners: list[Corners]) -> list[Corners]:
    """Part lines that were found as one across a gutter: a gap in their ink where other lines begin."""
    starts = sorted(float(points[:, 0].min()) for points in _straighten(corners, image.shape))
    out: list[Corners] = []
    for points, straight in zip(corners, _straighten(corners, image.shape), strict=True):
        height = math.dist(points[0], points[3])
        left, right = float(straight[:, 0].min()), float(straight[:, 0].max())
        begin = bisect_left(starts, left + 4 * height)
        inside = starts[begin : bisect_right(starts, right - 2 * height)]
        if len(inside) < _ALIGNED:
            out.append(points)
            continue
        crop = _engine().crop_text_regions(image, np.array([points]))[0]
        cuts = [0.0]
        for before, after in _gaps(_inked(crop), 0.55 * crop.shape[0]):
            x = left + after / crop.shape[1] * (right - left)
            if bisect_right(starts, x + 0.6 * height) - bisect_left(starts, x - 0.6 * height) >= _ALIGNED:
                cuts.append((before + after) / 2 / crop.shape[1])
        out += [_piece(points, one, other) for one, other in itertools.pairwise([*cuts, 1.0])]
    return out


def _trim(points: Corners, crop: Image) -> Corners:
    """A line's corners without the blank at its ends, nor a sliver of the next column that its box took in."""
    ink = _inked(crop)
    if not ink.any():
        return points
    height, width = crop.shape[0], crop.shape[1]
    begin, end = int(ink.argmax()), width - int(ink[::-1].argmax())
    for before, after in _gaps(ink, 0.5 * height):
        if before - begin < 0.4 * height and after < 1.5 * height:
            begin = after
        if end - after < 0.4 * height and width - before < 1.5 * height:
            end = before
    return _piece(points, begin / width, end / width) if end - begin > 0.2 * height else points


def _piece(points: Corners, begin: float, end: float) -> Corners:
    top, bottom = points[1] - points[0], points[2] - points[3]
    return np.asarray(
        [points[0] + begin * top, points[0] + end * top, points[3] + end * bottom, points[3] + begin * bottom],
        dtype=np.float32,
    )


def _inked(crop: Image) -> NDArray[np.bool_]:
    """Which columns of pixels of a line have ink; neighbouring lines may reach in at the upper and lower edge."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    rim = grey.shape[0] // 6
    darkest = grey[rim : grey.shape[0] - rim].min(axis=0).astype(float)
    paper = float(np.percentile(grey, 90))
    return np.asarray(darkest <= paper - 0.35 * (paper - float(darkest.min())))


def _gaps(ink: NDArray[np.bool_], least: float) -> list[tuple[int, int]]:
    """The stretches without ink between ink that are at least so wide."""
    steps = np.flatnonzero(np.diff(np.concatenate(([True], ink, [True])).astype(np.int8)))
    found = zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)
    return [(begin, end) for begin, end in found if end - begin > least and begin > 0 and end < len(ink)]


def _skew(corners: list[Corners]) -> float:
    """By how much the lines rise or fall, in radians: the median over the wider half of them."""
    widest = sorted(corners, key=lambda points: -math.dist(points[0], points[1]))[: max(3, len(corners) // 2)]
    angles = [math.atan2(points[1][1] - points[0][1], points[1][0] - points[0][0]) for points in widest]
    angle = median(angles)
    return angle if 0.002 < abs(angle) < 0.35 else 0.0


def _straighten(corners: list[Corners], shape: tuple[int, ...]) -> list[Corners]:
    angle = _skew(corners)
    if angle == 0.0:
        return corners
    centre = np.array([shape[1] / 2, shape[0] / 2], dtype=np.float32)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=np.float32)
    return [np.asarray((points - centre) @ turn + centre, dtype=np.float32) for points in corners]


def full_width(text: str) -> str:
    """Chinese lines with the punctuation of Chinese print, which recognition mixes up with its narrow twin.

    >>> full_width("(一)总量:12,000人,占比3:2")
    '（一）总量：12,000人，占比3:2'
    """
    return _NARROW.sub(lambda found: found.group().translate(_WIDE), text)


def _run(points: Corners, text: str, score: float) -> Run:
    left, right = float(points[:, 0].min()), float(points[:, 0].max())
    top = float((points[0][1] + points[1][1]) / 2)
    bottom = float((points[2][1] + points[3][1]) / 2)
    size = 0.8 * (bottom - top)
    return Run(
        text=text,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        baseline=(top + bottom) / 2 + 0.36 * size,
        size=size,
        lefts=[],
        rights=[],
        confidence=score,
    )


def _even_sizes(runs: list[Run]) -> None:
    """Boxes of equal type differ by a pixel or two; sizes close to the usual one are made the usual one."""
    if not runs:
        return
    usual = median(run.size for run in runs for _ in run.text)
    for run in runs:
        if 0.8 < run.size / usual < 1.22:
            middle = run.baseline - 0.36 * run.size
            run.size = usual
            run.baseline = middle + 0.36 * usual


def _ruled(image: Image, scale: float, skew: float) -> list[Edge]:
    """Horizontal and vertical lines of the image, in points: what tables are ruled with."""
    grey = cv2.cvtColor(_level(image, skew), cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(255 - grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 25, -12)
    length = max(20, int(28 * scale))
    edges: list[Edge] = []
    for orientation, kernel in (("h", (length, 1)), ("v", (1, length))):
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        _, _, boxes, _ = cv2.connectedComponentsWithStats(lines)
        for x, y, width, height, _area in boxes[1:].tolist():
            if min(width, height) < 5 * scale:
                left, top, right, bottom = x / scale, y / scale, (x + width) / scale, (y + height) / scale
                middle = (top + bottom) / 2 if orientation == "h" else (left + right) / 2
                edges.append(
                    rule("h", left, middle, right, middle)
                    if orientation == "h"
                    else rule("v", middle, top, middle, bottom)
                )
    return edges if 4 <= len(edges) < 400 else []


def check_pixels(width: int, height: int, limit: int) -> None:
    """Refuse an image before it is unpacked."""
    if width * height > limit:
        raise Unreadable(f"the image has {width:,} by {height:,} pixels; the limit is {limit:,}")
