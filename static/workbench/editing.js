/* While an edition is edited: criteria checked as one types, the panel of checks, and nothing lost when the session
   ends. Every page also works without it. Ordering and picking have files of their own. */
(function () {
  "use strict";
  document.documentElement.dataset.js = "";
  const form = document.querySelector("#content-main form");
  const said = document.getElementById("editing-said");
  const checks = document.getElementById("editing-checks");
  const bar = document.getElementById("editing-trouble");
  const waiting = new Set(); // the elements whose last request did not arrive
  const words = {
    send: "The server could not be reached. What you typed is still on this page, not saved.",
    ended: "Your session has ended. What you typed is still on this page, not saved. Sign in in a new tab, come back, and try again.",
    large: "The text is too long to be sent: 1 MB at most. It is still on this page, not saved.",
    refused: "The server could not answer. What you typed is still on this page, not saved."
  };

  /* Announced politely; the same words twice are said once. */
  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  /* Something of the edition changed: the panel reads it after a pause. */
  function changed() { document.body.dispatchEvent(new CustomEvent("edition:changed")); }

  window.editing = { say: say, changed: changed };

  /* The CSRF token is read anew each time: signing in again in another tab changes it. */
  function token() {
    const found = document.cookie.match(/(?:^|; )(?:__(?:Host|Secure)-)?csrftoken=([^;]+)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  document.addEventListener("htmx:configRequest", function (event) {
    const field = event.detail.elt;
    if (token()) event.detail.headers["X-CSRFToken"] = token();
    if (!field.matches("textarea.criteria")) return;
    event.detail.parameters = { criteria: field.value };
    if (field.dataset.optional) event.detail.parameters.optional = "1";
  });

  /* Trouble: a request that did not arrive. */

  function redirected(detail) {
    const xhr = detail.xhr;
    return xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(detail.pathInfo.requestPath, location).pathname;
  }

  function trouble(elt, text, signIn) {
    waiting.add(elt);
    bar.querySelector("[data-words]").textContent = text;
    bar.querySelector("[data-sign-in]").hidden = !signIn;
    bar.hidden = false;
  }

  function settled(elt) {
    waiting.delete(elt);
    waiting.forEach(function (one) { if (!one.isConnected) waiting.delete(one); });
    if (!waiting.size) bar.hidden = true;
  }

  function troubleOf(status) {
    if (status === 413) return words.large;
    return status === 401 || status === 403 ? words.ended : words.refused + " (" + status + ")";
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!redirected(event.detail)) return;
    event.detail.shouldSwap = false;
    trouble(event.detail.requestConfig.elt, words.ended, true);
  });
  document.addEventListener("htmx:sendError", function (event) { trouble(event.detail.elt, words.send, false); });
  document.addEventListener("htmx:timeout", function (event) { trouble(event.detail.elt, words.send, false); });
  document.addEventListener("htmx:responseError", function (event) {
    const status = event.detail.xhr.status;
    trouble(event.detail.elt, troubleOf(status), status === 401 || status === 403);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && !redirected(event.detail)) settled(event.detail.elt);
  });
  bar.querySelector("[data-retry]").addEventListener("click", function () {
    waiting.forEach(function (elt) {
      if (elt.matches("textarea")) elt.dispatchEvent(new Event("criteria:check"));
      else if (elt !== form) changed();
      else form.requestSubmit();
    });
  });

  /* Criteria */

  /* The field's fault is tied to it for those who do not see it. */
  function tie(field) {
    const pair = field.closest(".criteria-pair");
    const fault = pair.querySelector(".criteria-fault");
    const described = [fault ? field.id + "_fault" : "", field.id + "_helptext"];
    if (fault) fault.id = field.id + "_fault";
    field.setAttribute("aria-describedby", described.filter(function (id) { return document.getElementById(id); }).join(" "));
    if (fault) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    pair.closest(".errors")?.classList.toggle("mended", !fault);
    return fault;
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "live-body") {
      const gist = "Checks: " + document.getElementById("live-gist").textContent;
      if (checks.textContent !== gist) checks.textContent = gist; // apart, so that it cuts off nothing else
      return;
    }
    if (!event.detail.target.matches(".criteria-check")) return;
    const field = event.detail.target.closest(".criteria-pair").querySelector("textarea");
    const wasBad = field.getAttribute("aria-invalid") === "true";
    const fault = tie(field);
    if (fault) say(fault.dataset.said);
    else if (wasBad) say(event.detail.target.firstElementChild.dataset.said);
  });

  /* Where a line and column lie in a text. */
  function offset(text, line, column) {
    let start = 0;
    for (let n = 1; n < line; n += 1) start = text.indexOf("\n", start) + 1;
    return start + column - 1;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-go], [data-mend]");
    if (!button) return;
    const fault = button.closest(".criteria-fault");
    const field = button.closest(".criteria-pair").querySelector("textarea");
    const start = offset(field.value, +fault.dataset.line, +fault.dataset.column);
    field.focus();
    field.setSelectionRange(start, start + Number(fault.dataset.length));
    if (button.dataset.mend) write(field, button.dataset.mend);
  });

  /* Written as if typed, so that it can be undone. */
  function write(field, text) {
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  window.editing.write = write;

  document.querySelectorAll(".criteria-pair textarea").forEach(tie);
  document.addEventListener("formset:added", function (event) { window.htmx.process(event.target); });
  document.addEventListener("editing:renumbered", function () {
    document.querySelectorAll(".criteria-pair textarea").forEach(tie);
  });

  /* The panel: to the provision that it speaks of. */
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-to]");
    if (!button) return;
    const kept = [...document.querySelectorAll(".cards .card:not(.empty-form)")].filter(function (card) {
      return !card.querySelector("input[name$=DELETE]:checked") && !window.editing.blank?.(card);
    });
    kept[button.dataset.to - 1]?.querySelector("textarea.criteria").focus();
  });
  ["input", "change"].forEach(function (kind) { form.addEventListener(kind, changed); });

  /* On a narrow screen what stands beside the form is folded at first, and only one of the two is open. */
  const aids = [...document.querySelectorAll(".aids > details")];
  const wide = matchMedia("(min-width: 1200px)");
  function fold() { aids.forEach(function (aid) { aid.open = wide.matches; }); }
  wide.addEventListener("change", fold);
  fold();
  aids.forEach(function (aid) {
    aid.addEventListener("toggle", function () {
      if (aid.open && !wide.matches) aids.forEach(function (other) { if (other !== aid) other.open = false; });
    });
  });

  /* Saving: ask first whether the session still holds, since a save without one would lose what was typed. */
  let step = "";
  window.addEventListener("pageshow", function () { step = ""; });
  form.addEventListener("submit", function (event) {
    if (step === "go") { step = "sent"; setTimeout(function () { step = ""; }, 3000); return; }
    event.preventDefault();
    if (step) return; // pressed twice
    step = "asking";
    const submitter = event.submitter;
    fetch(bar.dataset.check, {
      method: "POST", redirect: "manual", headers: { "X-CSRFToken": token(), "HX-Request": "true" },
      body: new URLSearchParams({ criteria: "always" })
    }).then(function (answer) {
      step = "";
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        trouble(form, words.ended, true);
        return;
      }
      const field = form.querySelector("input[name=csrfmiddlewaretoken]");
      if (field && token()) field.value = token();
      settled(form);
      step = "go";
      form.requestSubmit(submitter);
    }, function () { step = ""; trouble(form, words.send, false); });
  });
}());
