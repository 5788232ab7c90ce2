// What is drawn in each section, out of the rows that were chosen. `parts` are its places: chart, legend, figures.

const perMonth = (months, rows, values) => {
  const groups = grouped(rows, "month");
  return months.map((month) => values(groups.get(month) || []));
};

const AGES = [
  ["Up to 30 days", "days_0_to_30"], ["31 to 60", "days_31_to_60"], ["61 to 90", "days_61_to_90"],
  ["91 to 120", "days_91_to_120"], ["Over 120", "days_over_120"],
];

const VIEWS = {
  revenue(parts, { chosen, months, open, looks }) {
    const rows = rowsOf("business", chosen), groups = new Map();
    for (const [unit, each] of grouped(rows, "business_unit")) {
      const look = looks.get(unit), name = look === `c${LOOKS + 1}` ? "Others" : unit;
      groups.set(name, { look, rows: [...(groups.get(name)?.rows || []), ...each] });
    }
    const series = [...groups].map(([name, { look, rows: each }]) => ({ name, look, values: perMonth(months, each, (one) => sum(one, "revenue")) }));
    series.sort((a, b) => a.look.localeCompare(b.look));
    const called = `Revenue by month: ${cents.format(sum(rows, "revenue"))} in all.`;
    bars(parts.chart, months, series, { format: (value) => short.format(value), called, open });
    legend(parts.legend, series);
    const units = [...grouped(rows, "business_unit")].sort((a, b) => sum(b[1], "revenue") - sum(a[1], "revenue"));
    const all = sum(rows, "revenue");
    table(parts.ranking, [["Business unit", "text"], ["Revenue", "money"], ["Share", "percent"]],
      units.map(([unit, each]) => [unit, sum(each, "revenue"), ratio(sum(each, "revenue"), all)]));
    table(parts.figures, [["Month", "month"], ["Revenue", "money"]], months.map((month, index) => [month, perMonth(months, rows, (one) => sum(one, "revenue"))[index]]));
  },

  jobs(parts, { chosen, months, open }) {
    const rows = rowsOf("business", chosen);
    const kinds = [["Booked", "booked", "c1"], ["Completed", "completed", "c3"], ["Canceled", "canceled", "c2"]];
    const series = kinds.map(([name, column, look]) => ({ name, look, values: perMonth(months, rows, (one) => sum(one, column)) }));
    const called = `Jobs by month: ${kinds.map(([name, column]) => `${sum(rows, column)} ${name.toLowerCase()}`).join(", ")}.`;
    bars(parts.chart, months, series, { format: FORMATS.count, called, open, side: true });
    legend(parts.legend, series);
    table(parts.figures, [["Month", "month"], ...kinds.map(([name]) => [name, "count"])], months.map((month, index) => [month, ...series.map((each) => each.values[index])]));
  },

  "close-rate"(parts, { chosen, months, open }) {
    const rows = rowsOf("business", chosen), rate = (one) => ratio(sum(one, "closed_opportunities"), sum(one, "sales_opportunities"));
    const values = perMonth(months, rows, rate), called = `Close rate by month: ${FORMATS.percent(rate(rows))} over all.`;
    line(parts.chart, months, { name: "close rate", look: "c1", values }, { format: (value) => `${Math.round(100 * value)} %`, called, open, most: 1 });
    table(parts.figures, [["Month", "month"], ["Sales opportunities", "count"], ["Closed", "count"], ["Close rate", "percent"]],
      months.map((month, index) => [month, ...perMonth(months, rows, (one) => [sum(one, "sales_opportunities"), sum(one, "closed_opportunities")])[index], values[index]]));
  },

  receivables(parts, { chosen, months, open }) {
    const rows = rowsOf("receivables", chosen), names = AGES.map(([name]) => name);
    const of = (one, column) => sum(one, column), now = rows.filter((row) => row.month === chosen.to);
    const series = AGES.map(([name, column], place) => ({ name, look: `age${place}`, values: perMonth(months, rows, (one) => of(one, column)) }));
    const called = `Owed at the end of each month, by age; in the last one ${cents.format(sum(now, "balance"))}.`;
    bars(parts.chart, months, series, { format: (value) => short.format(value), called, open });
    legend(parts.legend, series);
    table(parts.figures, [["End of", "month"], ["Invoices", "count"], ["Owed", "money"], ...names.map((name) => [name, "money"])],
      months.map((month, index) => [month, ...perMonth(months, rows, (one) => [sum(one, "invoices"), sum(one, "balance")])[index], ...series.map((each) => each.values[index])]));
  },

  collections(parts, { chosen, months, open }) {
    const rows = rowsOf("collections", chosen), values = perMonth(months, rows, (one) => sum(one, "collected"));
    const called = `Collected by month: ${cents.format(sum(rows, "collected"))} in all.`;
    bars(parts.chart, months, [{ name: "collected", look: "c1", values }], { format: (value) => short.format(value), called, open });
    const line = (one) => [sum(one, "payments"), sum(one, "collected"), ratio(sum(one, "applied_within_7_days"), sum(one, "applied")), ratio(sum(one, "applied_days"), sum(one, "applied"))];
    table(parts.figures, [["Month", "month"], ["Payments", "count"], ["Collected", "money"], ["Within 7 days", "percent"], ["Days to pay", "days"]],
      perMonth(months, rows, line).map((each, index) => [months[index], ...each]));
  },

  technicians(parts, { chosen }) {
    const columns = [["Technician", "text"], ["Revenue", "money"], ["Completed", "count"], ["Opportunities", "count"], ["Converted", "count"], ["Conversion rate", "percent"], ["Sales", "money"], ["Recalls", "count"]];
    table(parts.ranking, columns, ranked(rowsOf("technicians", chosen), "technician", "revenue", (each) => {
      const [offered, converted] = [sum(each, "opportunities"), sum(each, "converted")];
      return [sum(each, "revenue"), sum(each, "completed"), offered, converted, ratio(converted, offered), sum(each, "sold"), sum(each, "recalls")];
    }));
  },

  campaigns(parts, { chosen }) {
    const columns = [["Campaign", "text"], ["Revenue", "money"], ["Cost", "money"], ["Return", "times"], ["Lead calls", "count"], ["Cost per lead", "perUnit"], ["Jobs booked", "count"]];
    table(parts.ranking, columns, ranked(rowsOf("campaigns", chosen), "campaign", "revenue", (each) => {
      const [revenue, cost, leads] = [sum(each, "revenue"), sum(each, "cost"), sum(each, "lead_calls")];
      return [revenue, cost, ratio(revenue, cost), leads, ratio(cost, leads), sum(each, "booked_jobs")];
    }));
  },

  memberships(parts, { chosen, months, open }) {
    const rows = rowsOf("memberships", chosen), of = (column, sign = 1) => perMonth(months, rows, (one) => sign * sum(one, column));
    const series = [
      { name: "New", look: "c3", values: of("new_sales") },
      { name: "Canceled", look: "c2", values: of("canceled", -1) },
      { name: "Expired", look: "c5", values: of("expired", -1) },
    ];
    const called = `Memberships by month: ${sum(rows, "new_sales")} new, ${sum(rows, "canceled")} canceled, ${sum(rows, "expired")} expired.`;
    bars(parts.chart, months, series, { format: FORMATS.count, called, open });
    legend(parts.legend, series);
    const line = (one) => [sum(one, "active_at_start"), sum(one, "new_sales"), sum(one, "renewals"), sum(one, "canceled"), sum(one, "expired")];
    table(parts.figures, [["Month", "month"], ["Active when it began", "count"], ["New", "count"], ["Renewed", "count"], ["Canceled", "count"], ["Expired", "count"], ["Churn", "percent"]],
      perMonth(months, rows, line).map((each, index) => [months[index], ...each, ratio(each[3] + each[4], each[0])]));
  },
};
