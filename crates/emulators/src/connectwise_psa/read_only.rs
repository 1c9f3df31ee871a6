//! The lists that are only read here, and the fields by which they are asked for.

use super::list::Listed;

pub(crate) static MEMBERS: Listed = Listed {
    name: "member",
    fields: &[
        "identifier",
        "firstName",
        "lastName",
        "title",
        "licenseClass",
        "disableOnlineFlag",
        "type",
        "employeeIdentifer",
        "timeZone",
        "inactiveDate",
        "inactiveFlag",
        "lastLogin",
        "officeEmail",
        "officePhone",
        "officeExtension",
        "mobilePhone",
        "defaultEmail",
        "primaryEmail",
        "defaultPhone",
        "securityRole",
        "adminFlag",
        "defaultDepartment",
        "workRole",
        "hireDate",
    ],
    children: &[],
    users: true,
};

pub(crate) static MEMBER_INFOS: Listed = Listed {
    name: "memberInfo",
    fields: &[
        "identifier",
        "firstName",
        "lastName",
        "fullName",
        "defaultEmail",
        "licenseClass",
        "inactiveFlag",
    ],
    children: &[],
    users: true,
};

pub(crate) static CONTACTS: Listed = Listed {
    name: "contact",
    fields: &[
        "firstName",
        "lastName",
        "company",
        "site",
        "inactiveFlag",
        "title",
        "defaultPhoneType",
        "defaultPhoneNbr",
        "unsubscribeFlag",
        "defaultFlag",
    ],
    children: &["communicationItems", "types"],
    users: false,
};

pub(crate) static COMMUNICATIONS: Listed = Listed {
    name: "contactCommunication",
    fields: &[
        "type",
        "value",
        "defaultFlag",
        "communicationType",
        "domain",
    ],
    children: &[],
    users: false,
};

pub(crate) static COMPANIES: Listed = Listed {
    name: "company",
    fields: &[
        "identifier",
        "name",
        "status",
        "phoneNumber",
        "leadFlag",
        "unsubscribeFlag",
        "deletedFlag",
    ],
    children: &["types"],
    users: false,
};

pub(crate) static SETUP: Listed = Listed {
    name: "setup",
    fields: &[
        "name",
        "inactiveFlag",
        "defaultFlag",
        "closedStatus",
        "board",
    ],
    children: &[],
    users: false,
};
