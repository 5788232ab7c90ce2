const mayRefresh = document.getElementById("refresh");
const stale = document.getElementById("stale");

async function refresh() {
  if (!mayRefresh.checked || document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(12000) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !fresh.querySelector("main")) throw new Error(answer.status);
    const open = new Set([...document.querySelectorAll("details[open]")].map((each) => each.id));
    const focused = document.activeElement && document.activeElement.id;
    document.querySelector("main").replaceWith(fresh.querySelector("main"));
    document.title = fresh.title;
    for (const each of document.querySelectorAll("details")) each.open = open.has(each.id);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    stale.hidden = true;
  } catch {
    if (stale.hidden) stale.querySelector("time").textContent = new Date().toLocaleTimeString();
    stale.hidden = false;
  }
}

setInterval(refresh, 1000 * Number(document.body.dataset.every));
