// What the reader chooses, and the page that follows.

function headlines(context) {
  const { chosen } = context, rows = rowsOf("business", chosen), owed = rowsOf("receivables", { ...chosen, from: context.open, to: context.open });
  const said = [
    ["Revenue", dollars.format(sum(rows, "revenue"))],
    ["Jobs completed", FORMATS.count(sum(rows, "completed"))],
    ["Average ticket", FORMATS.perUnit(ratio(sum(rows, "opportunity_revenue"), sum(rows, "opportunities")))],
    ["Booked jobs canceled", FORMATS.percent(ratio(sum(rows, "canceled"), sum(rows, "booked")))],
    ["Close rate", FORMATS.percent(ratio(sum(rows, "closed_opportunities"), sum(rows, "sales_opportunities")))],
    ["Sales", dollars.format(sum(rows, "sold"))],
    ["Owed today", data.answers.receivables ? dollars.format(sum(owed, "balance")) : "–"],
  ];
  at("headlines").replaceChildren(...said.map(([name, value]) => {
    const item = make("div");
    item.append(make("dt", name), make("dd", value));
    return item;
  }));
}

function draw() {
  const chosen = choice();
  if (chosen.from > chosen.to) chosen.from = at("from").value = chosen.to;
  const tenant = data.tenants.find((each) => String(each.id) === chosen.tenant);
  const context = { chosen, months: monthsBetween(chosen.from, chosen.to), open: tenant.month, looks: looksOf(chosen.tenant) };
  const unit = chosen.unit === ALL ? "all business units" : chosen.unit;
  at("chosen").textContent = `${tenant.name}: ${longMonth(chosen.from)} to ${longMonth(chosen.to)}, ${unit}`;
  headlines(context);
  for (const section of document.querySelectorAll("section[data-view]")) {
    const parts = Object.fromEntries([...section.querySelectorAll("[data-part]")].map((each) => [each.dataset.part, each]));
    if (parts.figures || parts.ranking) VIEWS[section.dataset.view](parts, context);
  }
  for (const each of document.querySelectorAll("[data-tenant]")) each.hidden = each.dataset.tenant !== chosen.tenant;
}

function options(select, pairs, value) {
  select.replaceChildren(...pairs.map(([of, text]) => make("option", text, { value: of })));
  select.value = value;
}

// The months that have figures, up to the one that it is; the last twelve of them are chosen.
function ofTenant() {
  const { id, month } = data.tenants.find((each) => String(each.id) === at("tenant").value);
  const everything = { tenant: id, unit: ALL, from: "0", to: month };
  const known = Object.keys(data.answers).flatMap((name) => rowsOf(name, everything)).map((row) => row.month).filter(Boolean).sort();
  const months = monthsBetween(known[0] || month, month).map((each) => [each, longMonth(each)]);
  options(at("from"), months, months[Math.max(months.length - 12, 0)][0]);
  options(at("to"), months, month);
  const units = [...new Set(["business", "receivables"].flatMap((name) => rowsOf(name, everything)).map((row) => row.business_unit))].sort();
  options(at("unit"), [[ALL, "All"], ...units.map((unit) => [unit, unit])], ALL);
  draw();
}

options(at("tenant"), data.tenants.map((each) => [each.id, each.name]), data.tenants[0].id);
at("tenant").closest("label").hidden = data.tenants.length === 1;
at("tenant").addEventListener("change", ofTenant);
for (const id of ["unit", "from", "to"]) at(id).addEventListener("change", draw);
for (const button of document.querySelectorAll("button[data-months]")) {
  button.addEventListener("click", () => {
    const months = [...at("from").options].map((each) => each.value), last = months.length - 1;
    at("to").value = months[last];
    at("from").value = months[Math.max(last + 1 - (Number(button.dataset.months) || months.length), 0)];
    draw();
  });
}
let width = innerWidth;
addEventListener("resize", () => {
  if (width !== innerWidth) draw();
  width = innerWidth;
});
addEventListener("beforeprint", draw);
ofTenant();
