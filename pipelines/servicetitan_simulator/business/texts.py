"""What people write into records: several sentences, put together from parts, some of them with HTML.

Each function takes the dice; the texts of jobs, invoices and estimates know their trade.
"""

from __future__ import annotations

from ..dice import Dice

_COMPLAINTS = {
    "HVAC": (
        "No cooling upstairs since yesterday evening, the thermostat reads <b>84&deg;</b> and the outdoor unit hums.",
        "Customer reports a grinding noise at start-up; it stops after about a minute and comes back at night.",
        "Airflow is weak in the back bedrooms, the filter was changed last month &amp; nothing improved.",
        "Ice on the copper line at the condenser, water on the floor of the hall closet around the air handler.",
        "Yearly tune-up, two systems; the one in the attic trips its float switch now and then.",
        "The furnace lights, runs for three minutes and locks out. Somebody reset it twice already.",
    ),
    "Plumbing": (
        "Water under the kitchen sink, the shut-off valve is stuck and cannot be closed by hand.",
        "The water heater is 14 years old, the water is brown in the morning and luke-warm at night.",
        "Slow drain in both bathrooms, it gurgles when the washing machine empties.",
        "Wet spot in the front yard near the meter, the last bill was three times the usual one.",
        "Annual backflow test for the city; the form has to be there before the end of the month.",
    ),
    "Electrical": (
        "The breaker of the laundry room trips when the dryer runs ⚡ — the outlet felt warm.",
        "Lights in half of the house flicker as soon as the heat pump starts.",
        "Wants a 200 A panel &amp; a circuit for a car charger, permit to be pulled by us.",
        "Two outlets on the patio are dead, the GFCI does not reset.",
    ),
}
_CIRCUMSTANCES = (
    "Same trouble two summers ago, see the last invoice. The owner works from home and is glad about any hour.",
    "Home warranty has refused the claim already; please take pictures of the data plate and of the damage.",
    "Tenant lives there, the owner decides: send options by e-mail before any work above <b>$500</b> begins.",
    "Elderly couple, he is on oxygen. If parts have to be ordered, leave two portable units from the shop.",
    "Equipment stands in the attic, pull-down ladder in the garage, mind the boards. ¡Cuidado con el perro!",
    "A competitor has quoted a replacement last week; the customer wants a second opinion, not a sales talk.",
)
_REQUESTS = (
    "call 30 minutes ahead",
    "wear shoe covers, new carpet",
    "ask for the age of the system",
    "check the warranty before quoting",
    "offer the Comfort Club",
    "collect the diagnostic fee on site",
    "take before &amp; after pictures",
    "leave the old part with the customer",
    "gate closes at 6 pm",
    "park on the street, not in the drive",
)
_WORK = {
    "HVAC": (
        "Replaced the run capacitor and tested twice, head pressure and subcooling (12°F) are within range.",
        "Cleaned the evaporator coil, cleared the drain line with nitrogen and treated the pan.",
        "Found two pounds of refrigerant missing, leak search negative, charged to the nameplate & logged it.",
        "Tightened all lugs, measured the heat strips, calibrated the thermostat and showed the schedule to the owner.",
    ),
    "Plumbing": (
        "Cut out the corroded section, set a new ball valve and pressure-tested at 80 psi for fifteen minutes.",
        "Cleared the line at 45 ft, camera inspection clean up to the city tap — roots will be back within a year.",
        "Drained and flushed the heater, replaced anode and T&P valve, no leaks at the fittings.",
    ),
    "Electrical": (
        "Replaced the breaker and re-terminated the neutral, voltage steady under load at 121 V.",
        "Traced the open ground to a buried box behind the shed, opened it up and made it accessible.",
        "Set the new panel, moved all circuits, labelled the directory; inspection is booked with the city.",
    ),
}
_OUTLOOK = (
    "Recommended replacement within a year — the customer will decide with his family.",
    "Everything was explained to the customer, who signed on the tablet.",
    "Part is under manufacturer's warranty, only labor was charged.",
    "Second visit not needed. Filter size noted on the unit for next time 🙂",
    "Customer declined the surge protector today; follow up in spring.",
)
_WARRANTIES = (
    "Labor is warranted for <b>one year</b>, parts for the time that their manufacturer grants.",
    "A re-inspection is free within 30 days; please keep the area around the unit clear by two feet.",
    "Late fees of 1.5&nbsp;% a month begin 30 days after the due date. ¡Gracias por su confianza!",
)
_INSTRUCTIONS = (
    None,
    None,
    "Gate code on file, second gate on the left is manual.\nPark on the street, the drive has been sealed this week.",
    "Dog in the yard 🐕\ncall first, the owner brings it in; do not open the side door before he has answered.",
    "<p>Roof access through <b>unit 4</b>, key box 1170, the manager is in from 9 to 5</p>",
    "Ask for Renée at the front desk.\nFreight elevator only, certificate of insurance was sent to the landlord.",
)


def instructions(dice: Dice) -> str | None:
    """What the crew should know before it rings the bell."""
    return dice.pick(_INSTRUCTIONS)


def job_summary(dice: Dice, trade: str) -> str | None:
    """What the office wrote down when the customer called, as HTML; now and then nothing."""
    if dice.every("no summary", 12):
        return None
    first, second = dice.some(_REQUESTS, 2, 2)
    asked = f"<ul><li>{first}</li><li>{second}</li></ul>"
    return f"<p>{dice.pick(_COMPLAINTS[trade])}</p><p>{dice.pick(_CIRCUMSTANCES)}</p>{asked}"


def work_done(dice: Dice, trade: str) -> str:
    """What a technician wrote after the work."""
    return f"{dice.pick(_WORK[trade])} {dice.pick(_OUTLOOK)}"


def invoice_summary(dice: Dice, trade: str) -> str | None:
    """What the customer reads above the items, as HTML; often nothing."""
    if dice.chance(0.3):
        return None
    return f"<p>Work completed as quoted:<br/>{work_done(dice, trade)}</p><p>{dice.pick(_WARRANTIES)}</p>"


def estimate_summary(dice: Dice, label: str, trade: str) -> str:
    """What is offered, as HTML."""
    why = dice.pick(_COMPLAINTS[trade])
    return f"<p>Replace with <b>{label}</b>, haul away the old one.</p><p>{why}</p><p>{dice.pick(_WARRANTIES)}</p>"


def item_description(label: str, kind: str) -> str:
    """The pricebook's text for an item, as HTML."""
    with_it = {
        "Service": "labor of one technician, travel within the county and the disposal of small parts",
        "Material": "part, pick-up, fitting and the test run afterwards; the old part is shown on request",
        "Equipment": "unit, pad, whip, disconnect, start-up by the maker's list &amp; registration of the warranty",
    }[kind]
    return f"<p><b>{label}</b></p><p>Includes {with_it}.</p>"
