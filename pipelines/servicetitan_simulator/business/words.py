"""Made-up names, streets and texts. Phone numbers use 555-01xx, e-mail domains example.com, .org and .net."""

GIVEN_NAMES = (
    "Avery",
    "Beatriz",
    "Callum",
    "Dolores",
    "Émile",
    "Farrah",
    "Gideon",
    "Hanneke",
    "Íñigo",
    "Jolene",
    "Kofi",
    "Lucía",
    "Marguerite",
    "Nnamdi",
    "Odessa",
    "Priscilla",
    "Quentin",
    "Renée",
    "Søren",
    "Tamsin",
    "Ulla",
    "Viggo",
    "Winona",
    "Xiomara",
    "Yusuf",
    "Zoë",
    "明美",
    "伟",
)
FAMILY_NAMES = (
    "Abernathy",
    "Bramwell",
    "Castañeda",
    "Dunmore",
    "Eastwick",
    "Farthing",
    "Güell",
    "Hollingberry",
    "Iñárritu",
    "Jankowski",
    "Kettleburn",
    "Lørenskog",
    "Muñoz",
    "Northcutt",
    "O'Dowd",
    "Peñaflor",
    "Quimby",
    "Rosewater",
    "Strömberg",
    "Thistlewood",
    "Underhay",
    "Vásquez",
    "Wetherby",
    "Yarborough",
    "Zielińska",
    "漢字",
    "Nuñez",
)
COMPANY_NAMES = (
    "Juniper Café",
    "Blue Heron Dental",
    "Cottonwood Storage",
    "El Niño Surf Shop",
    "Fernhill Apartments",
    "Granite & Pine Realty",
    "Harbor Light Church",
    "Ironwood Brewing",
    "Larkspur Day School",
    "寿司 Garden",
    "Mesa Verde Lofts",
    "Oak & Ember Grill 🔥",
    "Pinewood Assisted Living",
    "Quail Run HOA",
    "Sundown Motel",
)
COMPANY_FORMS = ("LLC", "Inc.", "Partners", "Group", "& Sons", "Co.")
STREETS = (
    "Alder Hollow Rd",
    "Bluestem Ln",
    "Cactus Wren Dr",
    "Dovetail Ct",
    "Elderberry Way",
    "Foxglove Ave",
    "Gristmill St",
    "Hackberry Trl",
    "Indigo Bend",
    "Jackrabbit Pass",
    "Kingfisher Loop",
    "Lantern Hill Blvd",
    "Meadowlark Cir",
    "Nightjar Ter",
    "Old Quarry Rd",
    "Peñón Blvd",
    "Quillback Dr",
    "Rookery Ln",
    "Saltgrass St",
    "Tumbleweed Xing",
)
CITIES = (
    ("Marrow Springs", "TX", "78990", 30.18, -97.81),
    ("Tallow Creek", "TX", "78991", 30.41, -97.69),
    ("Fort Ansel", "TX", "78992", 30.27, -98.02),
    ("Lindero", "TX", "78993", 29.95, -97.88),
    ("Caliche", "TX", "78994", 30.55, -97.55),
    ("Peña Blanca", "TX", "78995", 30.02, -97.40),
)
MAIL_DOMAINS = ("example.com", "example.org", "example.net")
AREA_CODES = ("512", "737", "830", "254")

CONTACT_MEMOS = (None, None, None, "work #", "Owner's daughter - Kelly", "after 5 pm", "señor, español", "front desk ☎")
LOCATION_NAMES = ("{name}", "{name}", "{name} - Rental", "{name} - Lake house", "{name} - Bldg 2")
SPECIAL_INSTRUCTIONS = (
    None,
    None,
    "Gate code on file.\nPark on the street.",
    "Dog in the yard 🐕\ncall first",
    "<p>Roof access through <b>unit 4</b></p>",
)
JOB_SUMMARIES = (
    "<p>No cooling upstairs, thermostat reads <b>84&deg;</b></p>",
    "<p>Customer reports noise at start-up</p>",
    "<div>Yearly tune-up<br/>filter 16x25x4</div>",
    "<p>Water under the sink; shut-off valve is stuck</p>",
    "<p>Breaker trips when the dryer runs ⚡</p>",
    "<ul><li>Quote for replacement</li><li>Two options</li></ul>",
    None,
)
WORK_DONE = (
    "Replaced the part and tested twice.",
    "Cleared the line, camera inspection clean.",
    "Cleaned coils & checked charge: 12°F subcooling.",
    "Recommended replacement within a year — customer will decide.",
)
INVOICE_SUMMARIES = (
    "<p>Work completed as quoted.</p>",
    "<p>Parts under warranty,<br/>labor charged.</p>",
    "<p>Thank you for your business! 🙂</p>",
    None,
    None,
)
CANCEL_SUMMARY = "<p><b>Canceled:</b> customer rescheduled with another company</p>"
PAYMENT_MEMOS = (None, None, None, "paid at the door", "phone payment", "cheque nº 2 of 2")
EQUIPMENT_MEMOS = ("", "", "Attic, access from the hall", "Side yard, behind the fence", "Rated for R-410A")
