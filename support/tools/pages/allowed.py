"""The tags and attributes that may stand on a page: what Markdown makes, and what the helpers show."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_TAGS = names(
    """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img input kbd label li mark meter ol p pre progress q s samp
    section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
    """
)
# What a figure that answers to the reader's choice is made of, without a script.
DRAWN_TAGS = names(
    """
    circle clippath defs desc ellipse fieldset g legend line lineargradient marker path pattern
    polygon polyline rect stop svg symbol text title tspan use
    """
)
VOID = names("br col hr img input wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
# SVG minds capitals, and the parser gives none.
CAPITALS = {
    name.lower(): name
    for name in names(
        """
        clipPath gradientTransform gradientUnits lengthAdjust linearGradient markerHeight
        markerUnits markerWidth pathLength patternContentUnits patternTransform patternUnits
        preserveAspectRatio refX refY textLength viewBox
        """
    )
}

ANYWHERE = names(
    "aria-describedby aria-hidden aria-label aria-labelledby class dir hidden id lang role style tabindex title"
)
BY_TAG = {
    "a": names("href"),
    "col": names("span"),
    "colgroup": names("span"),
    "details": names("open name"),
    "img": names("src alt width height"),
    "input": names("type name value checked disabled"),
    "label": names("for"),
    "meter": names("value min max low high optimum"),
    "ol": names("start reversed"),
    "progress": names("value max"),
    "td": names("colspan rowspan"),
    "th": names("colspan rowspan scope"),
    "time": names("datetime"),
    "use": names("href"),
}
# Of drawings.
DRAWING = names(
    """
    clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family
    font-size font-weight gradienttransform gradientunits height lengthadjust marker-end
    marker-mid marker-start markerheight markerunits markerwidth offset opacity orient
    paint-order pathlength patterncontentunits patterntransform patternunits points
    preserveaspectratio r refx refy rx ry shape-rendering stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity
    stroke-width text-anchor textlength transform vector-effect viewbox visibility width x x1 x2
    xmlns y y1 y2
    """
)
