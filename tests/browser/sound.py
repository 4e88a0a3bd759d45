"""Whether a page is sound: axe finds nothing, nothing scrolls sideways, at all widths, light and dark."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (390, 768, 1440)
SIDEWAYS = "() => document.scrollingElement.scrollWidth - innerWidth"

# Contrast takes most of the time. So a text is measured anew only where its styling is another than at the
# width before: colors, backgrounds (its own and those above it), and whether it counts as large.
AXE = """async scheme => {
    document.getAnimations().forEach(one => one.finish());
    const found = [], here = new Map(), before = (window.stylings ??= {light: new Map(), dark: new Map()})[scheme];
    const run = async (where, options) => found.push(
        ...(await axe.run(where, {preload: false, resultTypes: ["violations"], ...options})).violations);
    const styling = element => {
        if (!element) return "";
        if (!here.has(element)) {
            const style = getComputedStyle(element), size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            here.set(element, [styling(element.parentElement), style.color, style.backgroundColor,
                style.backgroundImage, style.opacity, style.textShadow, style.position, large].join("|"));
        }
        return here.get(element);
    };
    const fresh = [...document.body.querySelectorAll("*")].filter(element =>
        [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
        && element.checkVisibility({visibilityProperty: true})
        && before.get(element) !== styling(element));
    fresh.forEach(element => before.set(element, styling(element)));
    await run(document, scheme === "light" ? {rules: {"color-contrast": {enabled: false}}}
        : {runOnly: ["link-in-text-block"]});  // all that a scheme can change, but for contrast
    if (fresh.length) await run({include: fresh}, {runOnly: ["color-contrast"]});
    return found.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""


def assert_sound(page: Page) -> None:
    """The page as it stands: nothing sideways at any width, and nothing for axe."""
    page.evaluate(AXE_SCRIPT)
    for width in (360, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {width} px"
        for scheme in ("light", "dark") if width in WIDTHS else ():
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(AXE, scheme)
            assert not found, f"{width} px, {scheme}:\n" + "\n".join(found[:12])
