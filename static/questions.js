/* The questionnaire, beside what desk.js does for every page: what an answer of the server may change on it. */
(function () {
  "use strict";
  let given = 0; // changes on the page so far
  let sent = 0; // those that the answer now awaited knows of
  let settled = false; // the button that had the focus has left

  function form() { return document.getElementById("answers"); }

  document.addEventListener("change", function (event) {
    if (event.target.closest("#answers")) given += 1;
  }, true);
  document.addEventListener("htmx:configRequest", function () {
    sent = given;
    form().querySelectorAll("[data-leaves]").forEach(function (slot) { delete slot.dataset.leaves; });
  });

  /* What was clicked since the request was sent is not saved yet: its answer takes no question away, the next one
     will. And a question that has the focus stays until the focus leaves it. */
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    const target = event.detail.target;
    const empty = !event.detail.fragment.textContent.trim();
    const focused = target.contains(document.activeElement);
    if (target.id === "conflict") settled = focused && empty;
    if (!target.id.startsWith("slot-")) return;
    if (given > sent || moves(target, event.detail.fragment, focused)) event.detail.shouldSwap = false;
    else if (focused && empty) {
      event.detail.shouldSwap = false;
      target.dataset.leaves = "";
    } else if (target.classList.contains("chart-slot")) {
      keepOpen(target, event.detail.fragment, focused);
    }
  });

  /* A question that moves to another section waits, in both places, while it has the focus: the next save moves it. */
  function moves(target, fragment, focused) {
    if (fragment.querySelector("[data-moves]")) return focused;
    const place = fragment.querySelector("input[data-place]");
    const asked = place && form().querySelector("input[name='" + place.name + "']"); // where it is asked now
    const slot = asked && asked.closest("fieldset").parentElement;
    return Boolean(slot && slot !== target && slot.contains(document.activeElement));
  }

  /* Where the chart's lines are replaced (a button was pressed), they stay open, and the focus stays with them. */
  let focusNext = "";
  function keepOpen(target, fragment, focused) {
    const before = target.querySelector("details"), after = fragment.querySelector("details");
    if (before && after && before.open) after.open = true;
    if (focused) focusNext = target.id;
  }
  document.addEventListener("htmx:oobAfterSwap", function () {
    const slot = focusNext && document.getElementById(focusNext);
    if (!slot || slot.contains(document.activeElement)) return;
    const first = slot.querySelector("summary");
    if (first) { focusNext = ""; first.focus(); }
  });
  document.addEventListener("focusout", function (event) {
    const slot = event.target.closest("[data-leaves]");
    if (slot && !slot.contains(event.relatedTarget)) slot.replaceChildren();
  });

  /* A conflict, and what keeps the verdict from being opened, is brought into sight. */
  document.addEventListener("htmx:afterRequest", function (event) {
    const detail = event.detail;
    const cause = detail.requestConfig && detail.requestConfig.triggeringEvent;
    const wrong = detail.xhr.status === 422 && cause && cause.type === "submit";
    if (detail.xhr.status === 409) bring(document.getElementById("conflict"));
    else if (wrong) bring(form().querySelector(".warn[role=alert]"));
    if (settled) form().querySelector("select").focus();
    settled = false;
  });

  function bring(place) {
    if (!place) return;
    const box = place.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) place.scrollIntoView({ block: "center" });
  }
}());
