"use strict";
// The small part of the window that must happen in the browser: presses become events, the rest is
// scrolling, focus, the clock, the theme and the clipboard.
window.hoidap ??= (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const english = location.pathname.replace(/\/+$/, "").endsWith("/en");
  let cited = null;
  let follow = true;
  let wasRunning = false;
  let previewed = null;
  let said = "";
  let current = "";
  let reading = "";
  let suggested = "";
  let pressed = null;
  let alive = performance.now();
  const sends = {};

  const store = (name, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? "";
      sessionStorage.setItem(name, value);
      localStorage.setItem(name, value);
    } catch { /* a browser that keeps nothing still shows everything */ }
    return "";
  };

  const paint = () => {
    const chosen = store("hoidap.theme");
    const night = chosen ? chosen === "dark" : dark.matches;
    document.body.classList.toggle("dark", night);
    document.documentElement.style.colorScheme = night ? "dark" : "light";
  };

  // The address names what is on show: #hoi/<conversation> or #kho/<article>, so Back and links work.
  const place = () => {
    const [page, ...rest] = location.hash.slice(1).split("/");
    return { page: ["kho", "cong-cu", "cai-dat"].includes(page) ? page : "hoi", id: decodeURIComponent(rest.join("/")) };
  };
  let arrived = false;
  const tellPlace = (page, id) => {
    for (const link of document.querySelectorAll(`a[href^="#${page}"]`)) {
      if (!link.matches("[data-focus]")) link.setAttribute("href", id ? `#${page}/${encodeURIComponent(id)}` : `#${page}`);
    }
    const now = place();
    if (now.page !== page || now.id === id) return;
    const address = id ? `#${page}/${encodeURIComponent(id)}` : `#${page}`;
    history[arrived ? "pushState" : "replaceState"](null, "", address);
  };
  const showConversation = (id) => sends.conversations?.(id ? "open" : "new", id ? { conversation: id } : {});
  const goToPlace = () => {
    turnPage();
    const { page, id } = place();
    // The welcome tells how many articles there are, which another page may have changed.
    if (page === "hoi" && id !== current) showConversation(id);
    else if (page === "hoi" && !underway && document.querySelector("#live .welcome")) sends.live?.("greet", {});
    const drawn = document.querySelector("#heading h2");
    if (page === "kho" && (id !== reading || !drawn)) sends.top?.("visit", { article: id });
  };

  const turnPage = () => {
    const page = place().page;
    document.body.dataset.page = page;
    // It scrolls, and holds no control where nothing may be changed.
    document.getElementById("settings-page")?.setAttribute("tabindex", "0");
    if (page === "cong-cu") {
      const tool = place().id === "kiem-tra" ? "kiem-tra" : "bang";
      document.body.dataset.tool = tool;
      for (const link of document.querySelectorAll("#tools-lead [data-tool]")) {
        if (link.dataset.tool === tool) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    }
    document.querySelectorAll("[data-page]").forEach((link) => {
      if (link === document.body) return;
      if (link.dataset.page === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  };

  const questionBox = () => document.querySelector("#question textarea, #question input");

  const focusQuestion = () => {
    const box = questionBox();
    if (!box) return;
    box.focus({ preventScroll: true });
    box.setSelectionRange?.(box.value.length, box.value.length);
  };

  // What a screen reader hears of an answer that is being made: each state once, at the end the answer.
  // The region stands outside of what is drawn anew with every word, which would be read from its beginning.
  const region = document.createElement("div");
  region.className = "unseen";
  region.id = "said";
  region.setAttribute("role", "status");
  const say = (told) => {
    if (!told || told === said) return;
    if (!region.isConnected) document.body.append(region);
    region.textContent = said = told;
  };

  // The question stands there before the server has answered; what the server draws takes its place.
  let pending = null;
  let underway = false;
  const forget = () => { pending?.remove(); pending = null; };
  const showSent = (question) => {
    forget();
    pending = document.createElement("article");
    pending.className = "exchange";
    pending.id = "pending";
    pending.innerHTML = '<header class="asked"><h2></h2></header>'
      + '<p class="status"><span class="pulse"></span><span></span></p>';
    pending.querySelector("h2").textContent = question.trim();
    pending.querySelector("p").lastChild.textContent = document.querySelector("[data-sending]").dataset.sending;
    const scroller = document.querySelector("#scroll");
    scroller.append(pending);
    scroller.scrollTop = scroller.scrollHeight;
    setTimeout(forget, 30000);
  };
  const sent = (question) => {
    if (!question.trim() || document.querySelector(".running")) return;
    showSent(question);
    underway = true;
  };

  // What is being typed outlives a reload, and what was sent until the server has shown it.
  const drafted = (text) => { try { sessionStorage.setItem("hoidap.draft", text); } catch { /* as above */ } };
  const restoreDraft = () => {
    const box = questionBox();
    let text = "";
    try { text = sessionStorage.getItem("hoidap.draft") ?? ""; } catch { /* as above */ }
    if (!box || box.value || !text || underway) return;
    const last = document.querySelector("#live .asked h2")?.lastChild.data ?? "";
    if (text.trim() === last.trim()) { drafted(""); return; }
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("input", (event) => { if (event.target === questionBox()) drafted(event.target.value); }, true);

  // What was sent before the window was there is kept by the browser until the server tells that it is kept there: the
  // key lets it be sent again without being asked again.  What the server refuses goes back into the box.
  const sentBefore = () => {
    try { return JSON.parse(localStorage.getItem("hoidap.sent") || "null"); } catch { return null; }
  };
  let asking = null;
  const askSentBefore = () => {
    const kept = sentBefore();
    if (!kept || asking?.key === kept.key || document.querySelector(".running")) return;
    asking = kept;
    showSent(kept.question);
    sends.live("ask", { question: kept.question, key: kept.key, shown: `on-show:${kept.conversation}` });
  };
  const letGo = (key) => {
    if (sentBefore()?.key === key) localStorage.removeItem("hoidap.sent");
    asking = null;
  };
  const giveBack = () => {
    const box = questionBox();
    box.value = [asking.question, box.value].filter(Boolean).join("\n");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    letGo(asking.key);
  };

  // A session that has ended elsewhere asks for the password, and a page that another process gave (409) loads itself
  // anew from the one that answers now.  A lost connection is taken up again as soon as the program, or another behind
  // the same proxy, answers: what was asked is kept there, and what was typed here.
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const told = await plainFetch(...asked);
    if ([401, 409].includes(told.status)) location.reload();
    if ([502, 503, 504].includes(told.status)) recover();
    return told;
  };
  let recovering = false;
  const reloadWhen = async (answers) => {
    if (recovering) return;
    recovering = true;
    for (;;) {
      await new Promise((done) => { setTimeout(done, 1000); });
      const told = await plainFetch(`${english ? "../en/" : ""}gradio_api/app_id`).catch(() => null);
      if (told?.status === 401 || (told?.ok && await answers(told))) break;
    }
    location.reload();
  };
  const recover = () => reloadWhen(() => true);
  // A program that was told to open anew may answer as long as it goes, so the page waits for another one.
  const awaitAnother = () => reloadWhen(async (told) => (await told.json()).app_id !== window.gradio_config.app_id);
  setInterval(() => {
    if (document.querySelector(".running") && performance.now() - alive > 15000) recover();
  }, 1000);

  // Too long a question stays in the box, and is told at once.
  const tooLong = () => {
    const told = document.querySelector("[data-longest]")?.dataset;
    if (!told || (questionBox()?.value.trim().length ?? 0) <= Number(told.longest)) return false;
    const note = document.createElement("p");
    note.className = "notice";
    note.setAttribute("role", "alert");
    note.textContent = told.tooLong;
    (document.querySelector("#notice .html-container > div") ?? document.querySelector("#notice")).replaceChildren(note);
    return true;
  };

  // A page of a PDF is shown as a picture on a sheet of its own; the arrows turn it.
  let paper = null;
  const showPaper = async (asked) => {
    const view = document.querySelector("#paper");
    const [picture, status] = [view.querySelector("img"), view.querySelector("[role=status]")];
    const told = (pattern) => pattern.replace("{page}", asked.number).replace("{pages}", asked.pages).replace("{title}", asked.title);
    paper = asked;
    view.querySelector("h2").textContent = asked.title;
    status.textContent = told(view.dataset.loading);
    if (!view.open) { picture.hidden = true; view.showModal(); }
    try {
      const query = new URLSearchParams({ bai: asked.article, so: asked.number });
      const given = await fetch(`${english ? "../" : ""}trang?${query}`);
      if (!given.ok) throw new Error(given.statusText);
      const data = await given.blob();
      if (paper !== asked) return;
      asked.pages = Number(given.headers.get("hoidap-pages"));
      if (picture.src) URL.revokeObjectURL(picture.src);
      picture.src = URL.createObjectURL(data);
      picture.alt = told(view.dataset.alt);
      picture.hidden = false;
      view.querySelector(".sheet").scrollTop = 0;
      status.textContent = told(view.dataset.count);
    } catch {
      if (paper !== asked) return;
      picture.hidden = true;
      status.textContent = view.dataset.failed;
    }
    for (const turner of view.querySelectorAll("[data-turn]")) {
      const next = asked.number + Number(turner.dataset.turn);
      turner.disabled = next < 1 || next > asked.pages;
    }
  };
  const turnPaper = (by) => {
    const next = paper.number + by;
    if (next >= 1 && next <= paper.pages) showPaper({ ...paper, number: next });
  };

  const openList = (open) => {
    const toggle = document.querySelector("[data-toggle=list]");
    const before = document.body.classList.contains("list-open");
    if (open === before) return;
    document.body.classList.toggle("list-open", open);
    toggle?.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#new")?.focus({ preventScroll: true });
    else if (document.activeElement?.closest("#list")) toggle?.focus({ preventScroll: true });
  };

  let aimed = null;
  const show = (target, block) => {
    if (!target) return;
    aimed = { target, block, at: performance.now() };
    target.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
  };

  // What comes in above must not push away what one is about to use: where the page scrolls as a whole it goes
  // along, and a way that was begun to a source ends there.
  const inSight = (part) => {
    const box = part?.getBoundingClientRect();
    return Boolean(box?.height) && box.bottom > 0 && box.top < innerHeight;
  };
  const holdingStill = (change) => {
    const used = [document.activeElement, questionBox()].find((one) => one !== document.body && inSight(one));
    const before = used?.getBoundingClientRect().top;
    change();
    if (aimed?.target.isConnected && performance.now() - aimed.at < 1000) show(aimed.target, aimed.block);
    else if (used) scrollBy({ top: used.getBoundingClientRect().top - before, behavior: "instant" });
  };

  const copy = async (button) => {
    const written = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(written);
    } catch {
      const box = document.createElement("textarea");
      box.value = written;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    const label = button.querySelector("span");
    const before = label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 1600);
  };

  // A press that cannot be undone asks once more in its own place.
  const confirmed = (button) => {
    if (!button.dataset.confirm || button.classList.contains("armed")) return true;
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    button.classList.add("armed");
    label.textContent = button.dataset.confirm;
    const disarm = () => {
      button.classList.remove("armed");
      label.textContent = before;
    };
    button.addEventListener("blur", disarm, { once: true });
    setTimeout(() => { if (button.isConnected && button.classList.contains("armed")) disarm(); }, 5000);
    return false;
  };

  // Files go up one after another, in a batch whose token the server gave; the event then names the batch alone.
  let sendBatch = null;
  const sendFiles = async (input, files) => {
    if (!files.length || input.disabled) return;
    const told = input.closest("label").querySelector("span");
    const label = told.textContent;
    const address = english ? "../tai-len" : "tai-len";
    input.disabled = true;
    try {
      const { batch } = await (await fetch(address, { method: "POST" })).json();
      for (const [at, file] of files.entries()) {
        told.textContent = input.dataset.sending.replace("{done}", at + 1).replace("{total}", files.length);
        const asked = new URLSearchParams({ lo: batch, ten: file.name, co: file.size });
        const body = file.size > Number(input.dataset.most) ? null : file;
        await fetch(`${address}?${asked}`, { method: "POST", body });
      }
      sendBatch("upload", { batch });
    } catch {
      told.closest("#collection").querySelector("#message .prose, #message")?.replaceChildren(input.dataset.failed);
    }
    told.textContent = label;
    input.disabled = false;
    input.value = "";
  };

  // Files dropped on the page of articles go the way of the upload button.
  const dropped = (event) => {
    const input = document.querySelector("#collection input[type=file]");
    if (document.body.dataset.page !== "kho" || !input || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", event.type === "dragover");
    if (event.type !== "drop") return;
    sendFiles(input, [...event.dataTransfer.files]);
  };
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, dropped, true);

  // What was pressed is drawn anew by its own press: the focus goes back to it, or to what tells the outcome.
  const keepFocus = () => {
    if (!pressed || document.activeElement !== document.body) return;
    const same = document.querySelector(pressed.again) ?? document.querySelector(pressed.instead);
    if (!same) return;
    if (!same.matches("button, a, input")) same.setAttribute("tabindex", "-1");
    same.focus({ preventScroll: true });
  };
  const remember = (button, name) => {
    const { act, exchange, good, rank, conversation } = button.dataset;
    const told = Object.entries({ exchange, good, rank, conversation }).filter(([, value]) => value !== undefined);
    pressed = {
      again: `#${name} [data-act="${act}"]:not([disabled])${told.map(([key, value]) => `[data-${key}="${CSS.escape(value)}"]`).join("")}`,
      instead: { turn: "#articles tbody .title", remove: "#message .done", delete: "#new" }[act] ?? `#${name} :is(h1, h2, h3, h4)`,
    };
    setTimeout(() => { pressed = null; }, 4000);
  };

  // What could be asked next is looked for after the last answer was shown, once.
  const suggest = () => {
    const last = document.querySelector("#live .exchange[data-exchange]:not(.running)")?.dataset.exchange ?? "";
    if (last === suggested || !sends.further) return;
    suggested = last;
    if (last) sends.further("suggest", { exchange: last });
  };

  const afterUpdate = {
    waiting: (element) => {
      if (element.querySelector(".syncing[data-fresh]")) sends.waiting("wait", {});
    },
    further: (element) => {
      suggest();
      const offered = element.querySelector(".further[hidden]");
      if (!offered) return;
      const scroller = document.querySelector("#scroll");
      holdingStill(() => { offered.hidden = false; });
      if (follow) scroller.scrollTop = scroller.scrollHeight;
    },
    preview: (element) => {
      const shown = element.querySelector(".preview");
      if (shown && shown.ariaLabel !== previewed) {
        element.closest("#reading")?.scrollTo({ top: 0 });
        if (matchMedia("(max-width: 1080px)").matches) show(shown, "start");
      }
      previewed = shown?.ariaLabel ?? null;
      reading = shown?.dataset.article ?? "";
      if (place().page === "kho") tellPlace("kho", reading);
    },
    conversations: (element) => {
      const list = element.querySelector("[data-current]");
      if (!list) return;
      current = list.dataset.current;
      store("hoidap.conversation", current);
      tellPlace("hoi", current);
      arrived = true;
    },
    "settings-lead": (element) => {
      if (!element.querySelector("[data-first]") || location.hash || sentBefore()) return;
      history.replaceState(null, "", "#cai-dat");
      turnPage();
    },
    "settings-message": (element) => {
      if (element.querySelector(".syncing[data-fresh]")) sends["settings-message"]("follow", {});
      if (element.textContent.trim()) show(element, "nearest");
    },
    "tools-lead": () => turnPage(),
    "table-message": (element) => {
      if (element.querySelector(".syncing[data-fresh]")) sends["table-message"]("follow", {});
    },
    "check-message": (element) => {
      if (element.querySelector(".syncing[data-fresh]")) sends["check-message"]("follow", {});
    },
    message: (element) => {
      if (element.querySelector(".syncing[data-fresh]")) sends.message("follow", {});
    },
    filters: (element) => {
      const shown = element.querySelector(".filters");
      if (!shown) return;  // not drawn yet: what is remembered from before the reload is still to be asked for
      const { from, to, source } = shown.dataset;
      store("hoidap.scope", JSON.stringify({ from, to, source }));
    },
    notice: (element) => {
      forget();
      const taken = element.querySelector("[data-taken]");
      if (taken) letGo(taken.dataset.taken);
      if (!element.textContent.trim()) return;
      underway = false;
      if (asking) giveBack();
    },
    live: (element) => {
      forget();
      const [asked, welcomed] = [".asked", ".welcome"].map((part) => Boolean(element.querySelector(part)));
      if (underway && asked) {
        drafted("");
        underway = false;
      }
      alive = performance.now();
      // An answer that came late, after another conversation was chosen, gives way to what was chosen.
      const strays = () => {
        const shows = element.querySelector(".welcome") ? "" : element.querySelector("[data-conversation]")?.dataset.conversation;
        return shows !== undefined && shows !== current;
      };
      if (strays()) {
        setTimeout(() => {
          if (strays()) showConversation(current);
        }, 300);
      }
      if (element.querySelector(".running[data-fresh], .syncing[data-fresh]")) sends.live("watch", {});
      // Not before the page is drawn: its own start empties the box.
      if (asked || welcomed) setTimeout(() => { restoreDraft(); askSentBefore(); }, 0);
      const running = Boolean(element.querySelector(".running"));
      const scroller = document.querySelector("#scroll");
      // Where an answer is there sooner than its page is drawn, the change of the buttons is lost now and then.
      if (!running) setTimeout(() => { if (!document.querySelector("#send, #live .running")) sends.live("rest", {}); }, 700);
      if (running && !wasRunning) follow = true;
      if (!running && !wasRunning) follow = !element.querySelector(".welcome");
      if (scroller) scroller.scrollTop = follow ? scroller.scrollHeight : element.querySelector(".welcome") ? 0 : scroller.scrollTop;
      if (!running && wasRunning && document.activeElement === document.body && matchMedia("(pointer: fine)").matches) {
        focusQuestion();
      }
      if (running) say(element.querySelector(".doing")?.textContent);
      else if (wasRunning) {
        const written = element.querySelector(".answer, .notice p")?.cloneNode(true);
        written?.querySelectorAll(".cite").forEach((mark) => mark.remove());
        say(written?.textContent);
      }
      wasRunning = running;
      suggest();
    },
    sources: (element) => {
      const target = element.querySelector("mark.active") ?? element.querySelector(".card.active");
      if (!target) { element.closest("#side")?.scrollTo({ top: 0 }); return; }
      target.closest("details")?.setAttribute("open", "");
      if (!cited) return;
      const card = target.closest(".card");
      (card ?? element.querySelector(".reading"))?.focus({ preventScroll: true });
      const room = Math.min(element.closest("#side").clientHeight, innerHeight - 120);
      const fits = card && target.getBoundingClientRect().bottom - card.getBoundingClientRect().top < room - 40;
      show(fits ? card : target, fits ? "start" : "center");
    },
  };

  // What is typed into a search box goes to the pane that it searches, once the typing pauses: Gradio's own
  // event of the box loses the last key when one types faster than the server answers.
  const searching = {};
  let typing = 0;
  document.addEventListener("input", (event) => {
    const send = searching[event.target.closest("#search, #article-search")?.id];
    if (!send) return;
    clearTimeout(typing);
    typing = setTimeout(() => send("search", { text: event.target.value }), 60);
  }, true);

  const listen = (element, trigger, watch, [name, ...acts]) => {
    const send = (act, values) => { if (acts.includes(act)) trigger(act, values); };
    sends[name] = send;
    if (name === "conversations") searching.search = send;
    // While an answer comes, nothing in the column of sources takes the keys that scroll it.
    if (name === "sources") element.closest("#side")?.setAttribute("tabindex", "0");
    if (name === "articles") searching["article-search"] = send;
    if (name === "upload") {
      sendBatch = send;
      element.addEventListener("change", (event) => sendFiles(event.target, [...event.target.files]));
    }
    element.addEventListener("click", (event) => {
      const copied = event.target.closest("[data-copy]");
      if (copied) { copy(copied); return; }
      const button = event.target.closest("[data-act]");
      if (!button || button.tagName === "FORM") return;
      if (!button.dataset.page) event.preventDefault();
      if (!confirmed(button)) return;
      if (name !== "sources" && button.dataset.act === "cite") {
        for (const one of document.querySelectorAll(".cite[aria-current]")) one.removeAttribute("aria-current");
        cited = button;
        if (button.matches(".cite")) button.setAttribute("aria-current", "true");
      }
      remember(button, name);
      if (button.dataset.act === "open") current = button.dataset.conversation;
      send(button.dataset.act, { ...button.dataset, ...(button.dataset.act === "example" ? { shown: onShow() } : {}) });
      if (button.dataset.act === "reopen") setTimeout(recover, 2000);
      if (button.dataset.act === "edit") setTimeout(focusQuestion, 300);
      if (button.dataset.act === "within") {
        location.hash = current ? `#hoi/${encodeURIComponent(current)}` : "#hoi";
        focusQuestion();
      }
    });
    element.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-act]");
      if (!form) return;
      event.preventDefault();
      send(form.dataset.act, { ...form.dataset, ...Object.fromEntries(new FormData(form)) });
      form.closest("details")?.removeAttribute("open");
    });
    watch("value", () => { afterUpdate[name]?.(element); keepFocus(); });
    afterUpdate[name]?.(element);
    if (name === "top") {
      document.body.append(region);
      for (const old of document.querySelectorAll("link[rel~=icon]:not([href^=data])")) old.remove();
      paint();
      turnPage();
      if (place().page === "kho") send("visit", { article: place().id });
      // Gradio's own <main> lies around everything: what is inside are its regions, no landmarks of the page.
      for (const [id, role] of [["list", "navigation"], ["talk", "region"], ["collection", "region"], ["reading", "region"], ["settings", "region"], ["tools", "region"]]) {
        const part = document.getElementById(id);
        part?.setAttribute("role", role);
        const named = element.querySelector("[data-parts]");
        if (named) part?.setAttribute("aria-label", JSON.parse(named.dataset.parts)[id]);
      }
    }
  };

  const save = (told) => {
    if (!told) return;
    const file = JSON.parse(told);
    const link = document.createElement("a");
    const bytes = Uint8Array.from(atob(file.data), (one) => one.charCodeAt(0));
    link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#new")) current = "";
    const example = event.target.closest(".example");
    if (example) sent(example.dataset.question);
    else if (event.target.closest("#send")) {
      if (tooLong()) event.stopImmediatePropagation();
      else sent(questionBox()?.value ?? "");
    }
    const sheet = event.target.closest("[data-picture]");
    if (sheet && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      showPaper({ article: sheet.dataset.picture, number: Number(sheet.dataset.number), title: sheet.dataset.title, pages: 0 });
    }
    const turner = event.target.closest("[data-turn]");
    if (turner) turnPaper(Number(turner.dataset.turn));
    if (event.target.closest("[data-keys]")) document.querySelector("#keys")?.showModal();
    const toggle = event.target.closest("[data-toggle]")?.dataset.toggle;
    if (toggle === "theme") {
      store("hoidap.theme", document.body.classList.contains("dark") ? "light" : "dark");
      paint();
    } else if (toggle === "list") {
      openList(!document.body.classList.contains("list-open"));
    } else if (event.target.closest("#new, .opener") || !event.target.closest("#list")) {
      openList(false);
    }
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-focus]")) {
      event.preventDefault();
      if (place().page !== "hoi") location.hash = current ? `#hoi/${encodeURIComponent(current)}` : "#hoi";
      focusQuestion();
    } else if (event.target.closest("[data-back]")) {
      event.preventDefault();
      if (cited?.isConnected) { show(cited, "center"); cited.focus({ preventScroll: true }); } else focusQuestion();
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    // Browsers differ in whether a letter's composing ends before or after its Enter; 229 tells of both.
    const composing = event.isComposing || event.keyCode === 229;
    if (composing) {
      if (event.key === "Enter" || event.keyCode === 229) event.stopImmediatePropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && event.target === questionBox()) {
      if (tooLong()) { event.preventDefault(); event.stopImmediatePropagation(); } else sent(event.target.value);
    }
    if (document.querySelector("#paper[open]") && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      turnPaper(event.key === "ArrowRight" ? 1 : -1);
    }
    if (event.key === "Escape") {
      const open = document.querySelector("dialog[open]");
      if (open) return;
      if (document.body.classList.contains("list-open")) openList(false);
      else if (document.querySelector(".running")) document.querySelector("#stop")?.click();
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (place().page === "kho") { document.querySelector("#article-search input")?.focus(); return; }
      openList(true);
      document.querySelector("#search input")?.focus();
    }
    if (event.key === "?" && !event.target.closest("input, textarea, select")) document.querySelector("#keys")?.showModal();
  }, true);
  // Another tab may have begun to read files, or added some, while this one was not looked at.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && place().page === "kho") sends.top?.("visit", { article: reading });
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("#scroll details[open]")) show(event.target, "nearest");
  }, true);
  document.addEventListener("scroll", (event) => {
    if (event.target.id !== "scroll") return;
    const { scrollTop, scrollHeight, clientHeight } = event.target;
    follow = scrollHeight - scrollTop - clientHeight < 80;
  }, true);
  setInterval(() => {
    const clock = document.querySelector(".running .elapsed");
    if (!clock) return;
    const told = clock.dataset.seconds;
    if (clock.told !== told) { clock.told = told; clock.since = performance.now(); }
    const seconds = (Number(told) + (performance.now() - clock.since) / 1000).toFixed(1);
    clock.textContent = clock.dataset.pattern.replace("{seconds}", english ? seconds : seconds.replace(".", ","));
  }, 100);
  // Gradio's own notices come in English; they are put into the words of the window.
  const reword = (part) => {
    const told = document.querySelector("[data-sayings]")?.dataset.sayings;
    if (!told) return;
    const sayings = Object.entries(JSON.parse(told));
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const said = walker.currentNode.data.trim();
      const found = sayings.find(([english, ours]) => said.startsWith(english) && said !== ours);
      if (found && (found[0].length > 8 || said === found[0])) walker.currentNode.data = found[1];
    }
    for (const one of part.querySelectorAll("[aria-label]")) {
      const found = sayings.find(([english]) => one.ariaLabel === english);
      if (found && one.ariaLabel !== found[1]) one.ariaLabel = found[1];
    }
  };
  new MutationObserver(() => {
    if (document.querySelector("[data-reopening]")) awaitAnother();
    for (const notice of document.querySelectorAll(".toast-wrap")) {
      // What was sent may be kept though its answer was lost on the way: only a fresh page shows what became of it.
      if (/connection (to the server was lost|lost|errored out)/i.test(notice.textContent)) { forget(); recover(); }
      reword(notice);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
  addEventListener("hashchange", goToPlace);
  addEventListener("popstate", goToPlace);
  dark.addEventListener("change", paint);
  document.documentElement.lang = english ? "en" : "vi";
  new MutationObserver(() => {
    const wanted = english ? "en" : "vi";
    if (document.documentElement.lang !== wanted) document.documentElement.lang = wanted;
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

  const onShow = () => `on-show:${current}`;

  const remembered = () => {
    const { page, id } = place();
    const scope = JSON.parse(store("hoidap.scope") || "{}");
    const shown = (page === "hoi" && id) || store("hoidap.conversation");
    return JSON.stringify({ ...scope, conversation: sentBefore()?.conversation ?? shown });
  };

  return { listen, save, remembered, onShow };
})();
