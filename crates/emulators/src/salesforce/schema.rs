//! The objects a client may ask about, with their fields.

/// The type of a field, as `describe` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Id,
    Text(u32),
    Email,
    Phone,
    Boolean,
    Integer,
    DateTime,
    Date,
    Picklist,
    /// The object referred to and the name of the relationship.
    Reference(&'static str, Option<&'static str>),
}

impl Type {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text(_) => "string",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Boolean => "boolean",
            Self::Integer => "int",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::Picklist => "picklist",
            Self::Reference(..) => "reference",
        }
    }

    pub(crate) fn length(self) -> u32 {
        match self {
            Self::Text(length) => length,
            Self::Id | Self::Reference(..) => 18,
            Self::Email => 128,
            Self::Phone => 40,
            Self::Picklist => 255,
            Self::Boolean | Self::Integer | Self::DateTime | Self::Date => 0,
        }
    }

    /// Whether values are compared as ids are.
    pub(crate) fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Reference(..))
    }
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    pub(crate) nillable: bool,
}

/// One object.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) name: &'static str,
    pub(crate) label_plural: &'static str,
    pub(crate) key_prefix: &'static str,
    pub(crate) fields: &'static [Field],
    /// Whether the connecting user may create and change records.
    pub(crate) writable: bool,
}

impl Object {
    /// The field of that name in any case.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field behind a relationship's name in any case.
    pub(crate) fn relationship(&self, name: &str) -> Option<(&'static str, &'static Object)> {
        self.fields.iter().find_map(|field| match field.kind {
            Type::Reference(object, Some(relationship))
                if relationship.eq_ignore_ascii_case(name) =>
            {
                find(object).map(|object| (relationship, object))
            }
            _ => None,
        })
    }
}

/// The object of that name in any case.
pub(crate) fn find(name: &str) -> Option<&'static Object> {
    OBJECTS
        .iter()
        .find(|object| object.name.eq_ignore_ascii_case(name))
}

const fn need(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        nillable: false,
    }
}

const fn may(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        nillable: true,
    }
}

/// The objects with records.
pub(crate) static OBJECTS: &[Object] = &[
    Object {
        name: "User",
        label_plural: "Users",
        key_prefix: "005",
        fields: USER,
        writable: false,
    },
    Object {
        name: "Organization",
        label_plural: "Organizations",
        key_prefix: "00D",
        fields: ORGANIZATION,
        writable: false,
    },
    Object {
        name: "Profile",
        label_plural: "Profile",
        key_prefix: "00e",
        fields: PROFILE,
        writable: false,
    },
    Object {
        name: "UserLicense",
        label_plural: "User Licenses",
        key_prefix: "100",
        fields: USER_LICENSE,
        writable: false,
    },
    Object {
        name: "UserRole",
        label_plural: "Role",
        key_prefix: "00E",
        fields: USER_ROLE,
        writable: false,
    },
    Object {
        name: "UserLogin",
        label_plural: "User Login",
        key_prefix: "0Yw",
        fields: USER_LOGIN,
        writable: false,
    },
];

const USER: &[Field] = &[
    need("Id", Type::Id),
    need("Username", Type::Text(80)),
    need("LastName", Type::Text(80)),
    may("FirstName", Type::Text(40)),
    need("Name", Type::Text(121)),
    may("CompanyName", Type::Text(80)),
    may("Division", Type::Text(80)),
    may("Department", Type::Text(80)),
    may("Title", Type::Text(80)),
    need("Email", Type::Email),
    may("Phone", Type::Phone),
    may("MobilePhone", Type::Phone),
    may("Extension", Type::Phone),
    may("Fax", Type::Phone),
    need("Alias", Type::Text(8)),
    need("CommunityNickname", Type::Text(40)),
    need("IsActive", Type::Boolean),
    need("TimeZoneSidKey", Type::Picklist),
    may("UserRoleId", Type::Reference("UserRole", Some("UserRole"))),
    need("LocaleSidKey", Type::Picklist),
    need("EmailEncodingKey", Type::Picklist),
    may("ProfileId", Type::Reference("Profile", Some("Profile"))),
    may("UserType", Type::Picklist),
    need("LanguageLocaleKey", Type::Picklist),
    may("EmployeeNumber", Type::Text(20)),
    may("ManagerId", Type::Reference("User", Some("Manager"))),
    may("CallCenterId", Type::Reference("CallCenter", None)),
    may("FederationIdentifier", Type::Text(512)),
    may("LastLoginDate", Type::DateTime),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", Type::Reference("User", Some("CreatedBy"))),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const ORGANIZATION: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(80)),
    may("Country", Type::Text(80)),
    may("PrimaryContact", Type::Text(80)),
    need("DefaultLocaleSidKey", Type::Picklist),
    need("TimeZoneSidKey", Type::Picklist),
    need("LanguageLocaleKey", Type::Picklist),
    need("OrganizationType", Type::Picklist),
    need("InstanceName", Type::Text(5)),
    need("IsSandbox", Type::Boolean),
    need("IsReadOnly", Type::Boolean),
    may("TrialExpirationDate", Type::DateTime),
    may("NamespacePrefix", Type::Text(15)),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const PROFILE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(255)),
    need(
        "UserLicenseId",
        Type::Reference("UserLicense", Some("UserLicense")),
    ),
    may("UserType", Type::Picklist),
    may("Description", Type::Text(255)),
    need("PermissionsApiEnabled", Type::Boolean),
    need("PermissionsViewSetup", Type::Boolean),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const USER_LICENSE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(255)),
    need("MasterLabel", Type::Text(255)),
    need("Status", Type::Picklist),
    need("TotalLicenses", Type::Integer),
    need("UsedLicenses", Type::Integer),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const USER_ROLE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(80)),
    may("ParentRoleId", Type::Reference("UserRole", None)),
    need("DeveloperName", Type::Text(80)),
    need("SystemModstamp", Type::DateTime),
];

const USER_LOGIN: &[Field] = &[
    need("Id", Type::Id),
    need("UserId", Type::Reference("User", None)),
    need("IsFrozen", Type::Boolean),
    need("IsPasswordLocked", Type::Boolean),
    need("LastModifiedDate", Type::DateTime),
];

/// Objects without records here, described so that a client can probe what it may do.
pub(crate) static PROBED: &[Object] = &[
    Object {
        name: "Task",
        label_plural: "Tasks",
        key_prefix: "00T",
        fields: TASK,
        writable: true,
    },
    Object {
        name: "Contact",
        label_plural: "Contacts",
        key_prefix: "003",
        fields: CONTACT,
        writable: true,
    },
    Object {
        name: "Lead",
        label_plural: "Leads",
        key_prefix: "00Q",
        fields: LEAD,
        writable: true,
    },
    Object {
        name: "Account",
        label_plural: "Accounts",
        key_prefix: "001",
        fields: ACCOUNT,
        writable: true,
    },
];

const TASK: &[Field] = &[
    need("Id", Type::Id),
    may("WhoId", Type::Reference("Contact", Some("Who"))),
    may("WhatId", Type::Reference("Account", Some("What"))),
    may("Subject", Type::Text(255)),
    may("ActivityDate", Type::Date),
    need("Status", Type::Picklist),
    need("Priority", Type::Picklist),
    need("OwnerId", Type::Reference("User", Some("Owner"))),
    may("Description", Type::Text(32_000)),
    may("CallDurationInSeconds", Type::Integer),
    may("CallType", Type::Picklist),
    may("CallDisposition", Type::Text(255)),
    may("CallObject", Type::Text(255)),
    may("TaskSubtype", Type::Picklist),
];

const CONTACT: &[Field] = &[
    need("Id", Type::Id),
    may("FirstName", Type::Text(40)),
    need("LastName", Type::Text(80)),
    may("AccountId", Type::Reference("Account", Some("Account"))),
    may("Email", Type::Email),
    may("Phone", Type::Phone),
    may("MobilePhone", Type::Phone),
    may("HomePhone", Type::Phone),
    may("OtherPhone", Type::Phone),
    need("OwnerId", Type::Reference("User", Some("Owner"))),
];

const LEAD: &[Field] = &[
    need("Id", Type::Id),
    may("FirstName", Type::Text(40)),
    need("LastName", Type::Text(80)),
    need("Company", Type::Text(255)),
    may("Email", Type::Email),
    may("Phone", Type::Phone),
    may("MobilePhone", Type::Phone),
    need("OwnerId", Type::Reference("User", Some("Owner"))),
    need("IsConverted", Type::Boolean),
];

const ACCOUNT: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(255)),
    may("Phone", Type::Phone),
    need("OwnerId", Type::Reference("User", Some("Owner"))),
];
