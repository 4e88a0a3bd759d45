"""Whether a page is sound: axe finds nothing, nothing scrolls sideways, at all widths, light and dark."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (390, 768, 1440)
TIGHT = (320, 360, 992)  # the narrowest screens, and the narrowest with two columns: only whether anything scrolls
SIDEWAYS = "() => document.scrollingElement.scrollWidth - innerWidth"

# What takes the time is done once. Texts alike have the same contrast: of all that share color, size and what lies
# behind them one is measured, and after that, on any page, only what is not like any before. Where another width shows
# the same elements, only those rules are asked again that measure them, and only what is small is measured as a target.
LOOK = """async ([scheme, measured]) => {
    scrollTo({top: 0, behavior: "instant"});  // further down, a bar that stays in view lies over whatever passes below it
    document.getAnimations().forEach(one => one.finish());
    const behind = new Map(), before = new Set(measured);
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
    const looks = new Map(), shown = [...document.querySelectorAll("body *")].filter(
        element => element.checkVisibility({visibilityProperty: true}));
    const fresh = shown.filter(element => {
        if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) return false;
        const look = styling(element);
        return !before.has(look) && before.add(look) && looks.set(element, look);
    });
    const same = window.shown?.length === shown.length && shown.every((one, place) => one === window.shown[place]);
    const small = shown.filter(element => {
        if (element.tabIndex < 0) return false;
        const {width, height} = element.getBoundingClientRect();
        return !same || Math.min(width, height) < 24;
    });
    const measuring = ["target-size", "scrollable-region-focusable"];
    const colors = fresh.length ? ["link-in-text-block", "color-contrast"] : [];
    if (scheme === "dark" && !fresh.length) return {looks: [], found: [], shown};
    const rules = scheme === "dark" ? {runOnly: colors} : same ? {runOnly: [...measuring, ...colors]}
        : {rules: {"color-contrast": {enabled: fresh.length > 0}, "target-size": {enabled: true}}};
    const mark = (rule, name, elements) => {
        document.querySelectorAll(`[${name}]`).forEach(one => one.removeAttribute(name));
        elements.forEach(one => one.setAttribute(name, ""));
        axe.configure({rules: [{id: rule, selector: `[${name}]`}]});
    };
    mark("color-contrast", "data-fresh", fresh);
    mark("target-size", "data-small", small);
    const told = await axe.run(document, {
        preload: false, elementRef: true, resultTypes: ["violations", "incomplete"], ...rules});
    told.incomplete.flatMap(one => one.nodes).forEach(node => looks.delete(node.element));  // measured elsewhere
    return {
        shown, looks: [...looks.values()],
        found: told.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`)),
    };
}"""

# What is on its way is drawn pale: it is waited for, and looked at again where it set out meanwhile.
AXE = """async given => {
    let asked;
    document.addEventListener("htmx:beforeRequest", () => { asked = true });
    do {
        while (document.querySelector(".htmx-request")) await new Promise(requestAnimationFrame);
        asked = false;
        var {shown, ...told} = await (LOOK)(given);
    } while (asked);
    window.shown = shown;
    return told;
}""".replace("LOOK", LOOK)

_measured: dict[str, list[str]] = {"light": [], "dark": []}  # the looks of texts whose contrast is enough


def assert_sound(page: Page) -> None:
    """The page as it stands: nothing sideways at any width, and nothing for axe."""
    page.evaluate(AXE_SCRIPT)
    for scheme, widths in {"light": (*TIGHT, *WIDTHS), "dark": WIDTHS}.items():
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {width} px"
            if width in TIGHT:
                continue
            told = page.evaluate(AXE, [scheme, _measured[scheme]])
            assert not told["found"], f"{width} px, {scheme}:\n" + "\n".join(told["found"][:12])
            _measured[scheme] += told["looks"]
