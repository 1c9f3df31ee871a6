//! The fields of the entities: type, length, what must be there, what only the vendor writes.

/// One field of an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// `long`, `integer`, `string`, `boolean`, `double` or `datetime`.
    pub(crate) data_type: &'static str,
    pub(crate) length: u32,
    pub(crate) required: bool,
    /// Set by the vendor; what a client sends is passed over.
    pub(crate) read_only: bool,
    /// A few fields are answered but cannot be asked for.
    pub(crate) queryable: bool,
    /// Value and label of each choice; the value is text here and a number in the rows.
    pub(crate) picklist: &'static [(&'static str, &'static str)],
}

pub(crate) const fn plain(name: &'static str, data_type: &'static str, length: u32) -> Field {
    Field {
        name,
        data_type,
        length,
        required: false,
        read_only: false,
        queryable: true,
        picklist: &[],
    }
}

pub(crate) const fn must(field: Field) -> Field {
    Field {
        required: true,
        ..field
    }
}

/// A field that only the vendor writes.
pub(crate) const fn kept(name: &'static str, data_type: &'static str) -> Field {
    Field {
        read_only: true,
        ..plain(name, data_type, 0)
    }
}

pub(crate) const ID: Field = must(kept("id", "long"));

pub(crate) const fn choice(
    name: &'static str,
    data_type: &'static str,
    picklist: &'static [(&'static str, &'static str)],
) -> Field {
    Field {
        picklist,
        ..plain(name, data_type, 0)
    }
}

const LICENSE_TYPES: &[(&str, &str)] = &[
    ("1", "Professional"),
    ("2", "Team"),
    ("3", "Contractor"),
    ("4", "Essential"),
    ("5", "Time & Attendance"),
    ("6", "Co-help Desk"),
    ("7", "API User"),
];

const USER_TYPES: &[(&str, &str)] = &[
    ("1", "Full Access"),
    ("2", "Project Manager"),
    ("3", "Service Desk User"),
    ("10", "Administrator"),
    ("17", "API User (API-only)"),
    ("29", "Co-managed"),
];

const EMAIL_TYPES: &[(&str, &str)] =
    &[("PRIMARY", "Primary"), ("WORK", "Work"), ("OTHER", "Other")];

pub(crate) const RESOURCE: &[Field] = &[
    ID,
    plain("accountingReferenceID", "string", 100),
    choice(
        "dateFormat",
        "string",
        &[("MM/dd/yyyy", "MM/dd/yyyy"), ("dd/MM/yyyy", "dd/MM/yyyy")],
    ),
    Field {
        queryable: false,
        ..plain("defaultServiceDeskRoleID", "long", 0)
    },
    must(plain("email", "string", 254)),
    plain("email2", "string", 254),
    plain("email3", "string", 254),
    must(choice("emailTypeCode", "string", EMAIL_TYPES)),
    choice("emailTypeCode2", "string", EMAIL_TYPES),
    choice("emailTypeCode3", "string", EMAIL_TYPES),
    must(plain("firstName", "string", 50)),
    choice("gender", "string", &[("M", "Male"), ("F", "Female")]),
    choice(
        "greeting",
        "integer",
        &[("1", "Mr."), ("2", "Mrs."), ("3", "Ms.")],
    ),
    plain("hireDate", "datetime", 0),
    plain("homePhone", "string", 25),
    plain("initials", "string", 32),
    Field {
        queryable: false,
        ..plain("internalCost", "double", 0)
    },
    plain("isActive", "boolean", 0),
    must(plain("lastName", "string", 50)),
    must(choice("licenseType", "integer", LICENSE_TYPES)),
    must(choice("locationID", "integer", &[("90682", "Head Office")])),
    plain("middleName", "string", 50),
    plain("mobilePhone", "string", 25),
    choice("numberFormat", "string", &[("X,XXX.XX", "X,XXX.XX")]),
    plain("officeExtension", "string", 10),
    plain("officePhone", "string", 25),
    plain("payrollIdentifier", "string", 32),
    choice(
        "payrollType",
        "integer",
        &[("1", "Salary"), ("2", "Hourly")],
    ),
    choice(
        "resourceType",
        "string",
        &[("Employee", "Employee"), ("Contractor", "Contractor")],
    ),
    choice("suffix", "integer", &[("1", "Jr."), ("2", "Sr.")]),
    plain("surveyResourceRating", "double", 0),
    choice(
        "timeFormat",
        "string",
        &[("hh:mm a", "hh:mm a"), ("HH:mm", "HH:mm")],
    ),
    plain("title", "string", 50),
    choice(
        "travelAvailabilityPct",
        "string",
        &[("0%", "0%"), ("25%", "25%")],
    ),
    must(plain("userName", "string", 32)),
    must(choice("userType", "integer", USER_TYPES)),
];

pub(crate) const LEVEL: &[Field] = &[
    ID,
    plain("description", "string", 1000),
    plain("isActive", "boolean", 0),
    must(plain("name", "string", 100)),
];

pub(crate) const ASSOCIATION: &[Field] = &[
    ID,
    must(plain("organizationalLevel1ID", "integer", 0)),
    must(plain("organizationalLevel2ID", "integer", 0)),
];

pub(crate) const MEMBERSHIP: &[Field] = &[
    ID,
    must(plain("organizationalLevelAssociationID", "integer", 0)),
    must(plain("resourceID", "integer", 0)),
];

pub(crate) const DEPARTMENT: &[Field] = &[
    ID,
    plain("description", "string", 1000),
    must(plain("name", "string", 100)),
    plain("number", "string", 50),
];
