//! The tables there are, their columns, and what they inherit from.

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// The id of a row of that table.
    Reference(&'static str),
    /// Text that goes to `sys_journal_field` and reads as nothing.
    Journal,
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) parent: Option<&'static str>,
    pub(crate) columns: &'static [Column],
    pub(crate) access: Access,
    /// What the numbers of its records begin with, and the first one; none without numbers.
    pub(crate) numbers: Option<(&'static str, usize)>,
}

/// What the integration user may do with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
    /// Reading is refused with 403.
    Refused,
    /// Every row is hidden; the list is empty with status 200.
    Hidden,
}

impl Table {
    /// The table of that name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// The column of that name, of the table or of one that it extends.
    pub(crate) fn column(&self, name: &str) -> Option<&'static Column> {
        let own = self.columns.iter().find(|column| column.name == name);
        let system = SYSTEM.iter().find(|column| column.name == name);
        own.or(system).or_else(|| {
            let parent = Self::find(self.parent?)?;
            parent.column(name)
        })
    }

    /// All columns, those of the tables it extends included.
    pub(crate) fn all_columns(&self) -> Vec<&'static Column> {
        let mut all: Vec<&'static Column> = SYSTEM.iter().collect();
        let mut table = Some(self);
        while let Some(current) = table {
            all.extend(current.columns);
            table = current.parent.and_then(Self::find);
        }
        all
    }

    /// Whether a path of columns, parted by dots, leads to a value.
    pub(crate) fn leads_to(&self, path: &str) -> bool {
        match path.split_once('.') {
            None => self.column(path).is_some(),
            Some((first, rest)) => match self.column(first).map(|column| column.kind) {
                Some(Kind::Reference(table)) => {
                    Self::find(table).is_some_and(|table| table.leads_to(rest))
                }
                _ => false,
            },
        }
    }

    /// Whether it is the other one or extends it.
    pub(crate) fn is_a(&self, other: &str) -> bool {
        self.name == other
            || self
                .parent
                .and_then(Self::find)
                .is_some_and(|parent| parent.is_a(other))
    }
}

const fn plain(name: &'static str) -> Column {
    let kind = Kind::Plain;
    Column { name, kind }
}

const fn reference(name: &'static str, table: &'static str) -> Column {
    let kind = Kind::Reference(table);
    Column { name, kind }
}

const fn journal(name: &'static str) -> Column {
    let kind = Kind::Journal;
    Column { name, kind }
}

const fn readable(name: &'static str, columns: &'static [Column]) -> Table {
    Table {
        name,
        parent: None,
        columns,
        access: Access::Read,
        numbers: None,
    }
}

/// Columns of every table.
const SYSTEM: &[Column] = &[
    plain("sys_id"),
    plain("sys_created_on"),
    plain("sys_created_by"),
    plain("sys_updated_on"),
    plain("sys_updated_by"),
    plain("sys_mod_count"),
];

static TABLES: &[Table] = &[
    readable("sys_user", USER),
    Table {
        parent: Some("sys_user"),
        ..readable(
            "customer_contact",
            &[reference("account", "customer_account")],
        )
    },
    readable("sys_user_role", &[plain("name"), plain("description")]),
    readable(
        "sys_user_has_role",
        &[
            reference("user", "sys_user"),
            reference("role", "sys_user_role"),
            plain("state"),
            plain("inherited"),
        ],
    ),
    readable(
        "sys_user_group",
        &[
            plain("name"),
            plain("active"),
            reference("manager", "sys_user"),
        ],
    ),
    readable(
        "sys_user_grmember",
        &[
            reference("user", "sys_user"),
            reference("group", "sys_user_group"),
        ],
    ),
    readable("cmn_department", &[plain("name"), plain("id")]),
    readable("core_company", &[plain("name"), plain("phone")]),
    Table {
        parent: Some("core_company"),
        ..readable("customer_account", &[])
    },
    readable(
        "sys_properties",
        &[
            plain("name"),
            plain("value"),
            plain("type"),
            plain("description"),
        ],
    ),
    readable(
        "sys_audit_delete",
        &[
            plain("tablename"),
            plain("documentkey"),
            plain("display_value"),
        ],
    ),
    readable(
        "sys_journal_field",
        &[
            plain("name"),
            plain("element_id"),
            plain("element"),
            plain("value"),
        ],
    ),
    Table {
        access: Access::Write,
        numbers: Some(("TASK", 20_001)),
        ..readable("task", TASK)
    },
    Table {
        parent: Some("task"),
        access: Access::Write,
        numbers: Some(("INC", 10_001)),
        ..readable("incident", INCIDENT)
    },
    Table {
        parent: Some("task"),
        access: Access::Write,
        numbers: Some(("CS", 1_001)),
        ..readable(
            "sn_customerservice_case",
            &[
                reference("contact", "customer_contact"),
                reference("account", "customer_account"),
            ],
        )
    },
    Table {
        access: Access::Write,
        numbers: Some(("IMS", 1)),
        ..readable("interaction", INTERACTION)
    },
    Table {
        access: Access::Hidden,
        ..readable("sys_audit", &[plain("tablename"), plain("documentkey")])
    },
    Table {
        access: Access::Refused,
        ..readable("syslog", &[plain("level"), plain("message")])
    },
];

const USER: &[Column] = &[
    plain("user_name"),
    plain("first_name"),
    plain("last_name"),
    plain("name"),
    plain("email"),
    plain("phone"),
    plain("mobile_phone"),
    plain("active"),
    plain("locked_out"),
    plain("title"),
    reference("department", "cmn_department"),
    reference("company", "core_company"),
    reference("manager", "sys_user"),
    plain("employee_number"),
    plain("web_service_access_only"),
    plain("internal_integration_user"),
    plain("sys_class_name"),
    plain("last_login_time"),
    plain("preferred_language"),
    plain("time_zone"),
    plain("roles"),
    plain("vip"),
    plain("source"),
];

const TASK: &[Column] = &[
    plain("number"),
    plain("short_description"),
    plain("description"),
    plain("state"),
    plain("active"),
    plain("priority"),
    plain("impact"),
    plain("urgency"),
    plain("contact_type"),
    plain("correlation_id"),
    plain("correlation_display"),
    plain("opened_at"),
    plain("closed_at"),
    plain("due_date"),
    plain("sys_class_name"),
    reference("assigned_to", "sys_user"),
    reference("assignment_group", "sys_user_group"),
    reference("opened_by", "sys_user"),
    reference("company", "core_company"),
    reference("parent", "task"),
    journal("work_notes"),
    journal("comments"),
];

const INCIDENT: &[Column] = &[
    reference("caller_id", "sys_user"),
    plain("category"),
    plain("subcategory"),
    plain("close_code"),
    plain("close_notes"),
];

const INTERACTION: &[Column] = &[
    plain("number"),
    plain("type"),
    plain("channel"),
    plain("direction"),
    plain("state"),
    plain("active"),
    plain("short_description"),
    plain("correlation_id"),
    plain("opened_at"),
    plain("closed_at"),
    reference("opened_for", "sys_user"),
    reference("opened_by", "sys_user"),
    reference("assigned_to", "sys_user"),
    reference("assignment_group", "sys_user_group"),
    journal("work_notes"),
];

/// What a value of a choice is called.
pub(crate) fn label(table: &Table, column: &str, value: &str) -> Option<&'static str> {
    let labels: &[(&str, &'static str)] = match column {
        "state" if table.is_a("task") => &[
            ("1", "New"),
            ("2", "In Progress"),
            ("3", "On Hold"),
            ("6", "Resolved"),
            ("7", "Closed"),
        ],
        "state" => &[
            ("new", "New"),
            ("work_in_progress", "Work in Progress"),
            ("closed_complete", "Closed Complete"),
        ],
        "impact" | "urgency" => &[("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low")],
        "priority" => &[
            ("1", "1 - Critical"),
            ("2", "2 - High"),
            ("3", "3 - Moderate"),
            ("4", "4 - Low"),
            ("5", "5 - Planning"),
        ],
        _ => &[],
    };
    labels
        .iter()
        .find(|(known, _)| *known == value)
        .map(|(_, label)| *label)
}
