"""Whether a page is sound: axe finds nothing, nothing scrolls sideways, at all widths, light and dark."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (390, 768, 1440)
SIDEWAYS = "() => document.scrollingElement.scrollWidth - innerWidth"

# Contrast takes most of the time, and texts alike have the same: of all that share color, size and what lies behind
# them, one is measured, and at another width only what is not like any before.
AXE = """async scheme => {
    document.getAnimations().forEach(one => one.finish());
    const found = [], behind = new Map(), before = (window.measured ??= {light: new Set(), dark: new Set()})[scheme];
    const run = async (where, options) => found.push(
        ...(await axe.run(where, {preload: false, resultTypes: ["violations"], ...options})).violations);
    const ground = element => {
        if (!element) return "";
        if (!behind.has(element)) {
            const style = getComputedStyle(element);
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position];
            const plain = own.join() === "rgba(0, 0, 0, 0),none,1,static";
            behind.set(element, ground(element.parentElement) + (plain ? "" : own.join("|") + "/"));
        }
        return behind.get(element);
    };
    const styling = element => {
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        return [ground(element), style.color, style.textShadow, large].join();
    };
    const fresh = [...document.body.querySelectorAll("*")].filter(element => {
        if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
            || !element.checkVisibility({visibilityProperty: true})) return false;
        const look = styling(element);
        return !before.has(look) && before.add(look);
    });
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
