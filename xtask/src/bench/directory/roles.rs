//! Job titles and departments, and the other ways in which they are written.

/// A job title, how it is abbreviated, and whether its holder leads others.
#[derive(Debug)]
pub(super) struct Title {
    pub(super) usual: &'static str,
    pub(super) short: &'static str,
    pub(super) leads: bool,
}

const fn title(usual: &'static str, short: &'static str, leads: bool) -> Title {
    Title {
        usual,
        short,
        leads,
    }
}

/// Titles with how often they occur.
pub(super) const TITLES: &[(Title, u32)] = &[
    (title("Customer Service Representative", "CSR", false), 14),
    (title("Call Center Agent", "Call Centre Agent", false), 12),
    (title("Account Executive", "Acct. Executive", false), 10),
    (title("Sales Representative", "Sales Rep", false), 10),
    (title("Support Engineer", "Support Eng.", false), 8),
    (title("Inside Sales Specialist", "Inside Sales", false), 7),
    (
        title("Business Development Representative", "BDR", false),
        7,
    ),
    (title("Account Manager", "Account Mgr", false), 6),
    (
        title("Technical Support Specialist", "Tech Support", false),
        6,
    ),
    (title("Customer Success Manager", "CSM", false), 5),
    (
        title("Field Service Technician", "Field Service Tech", false),
        5,
    ),
    (title("Solutions Engineer", "SE", false), 4),
    (title("Claims Adviser", "Claims Advisor", false), 4),
    (title("Collections Officer", "Collections", false), 3),
    (title("Marketing Specialist", "Marketing Spec.", false), 3),
    (title("Dispatcher", "Dispatch", false), 3),
    (title("Quality Analyst", "QA Analyst", false), 3),
    (title("Renewals Manager", "Renewals", false), 2),
    (title("Partner Manager", "Partner Mgr.", false), 2),
    (title("Workforce Planner", "WFM Planner", false), 2),
    (title("Team Leader", "Team Lead", true), 4),
    (title("Shift Supervisor", "Supervisor", true), 3),
    (title("Regional Sales Manager", "RSM", true), 2),
    (title("Head of Support", "Head, Support", true), 1),
    (title("Director of Sales", "Sales Director", true), 1),
    (
        title(
            "Vice President, Customer Operations",
            "VP Customer Ops",
            true,
        ),
        1,
    ),
];

/// Departments with another word for each.
pub(super) const DEPARTMENTS: &[(&str, &str)] = &[
    ("Sales", "Sales EMEA"),
    ("Customer Support", "Support"),
    ("Customer Success", "CS"),
    ("Field Service", "Service Delivery"),
    ("Operations", "Ops"),
    ("Marketing", "Growth"),
    ("Finance", "Accounts"),
    ("Partnerships", "Alliances"),
    ("Claims", "Claims & Complaints"),
    ("Human Resources", "HR"),
];
