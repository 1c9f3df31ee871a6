//! The entities: their names, who may do what with them, whose children they are.

use super::fields::{ASSOCIATION, DEPARTMENT, Field, LEVEL, MEMBERSHIP, RESOURCE};
use super::service_fields::{
    ACTION_TYPE, COMPANY, COMPANY_NOTE, CONTACT, DESK_ROLE, EXCLUDED_RESOURCE, RESOURCE_ROLE, ROLE,
    TICKET, TICKET_NOTE, TIME_ENTRY, TO_DO, WEBHOOK, WEBHOOK_FIELD,
};

/// One entity.
#[derive(Debug)]
pub(crate) struct Entity {
    /// The name in the path.
    pub(crate) path: &'static str,
    /// The name in metadata and errors.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// `userAccessForCreate` and the rights to query, update and delete.
    pub(crate) access: [&'static str; 4],
    /// The entity it is written under, its name there, and the field with the parent's id.
    pub(crate) parent: Option<(&'static str, &'static str, &'static str)>,
    /// The field that says whose a record is.
    pub(crate) owner: &'static str,
}

impl Entity {
    /// The field of that name in any case.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Whether clients write it.
    pub(crate) fn is_written(&self) -> bool {
        self.access[0] != "None"
    }

    const fn under(self, parent: &'static str, name: &'static str, field: &'static str) -> Self {
        Self {
            parent: Some((parent, name, field)),
            ..self
        }
    }
}

/// The entity of that path in any case.
pub(crate) fn find(path: &str) -> Option<&'static Entity> {
    ENTITIES
        .iter()
        .find(|entity| entity.path.eq_ignore_ascii_case(path))
}

/// The entity that is called `name` below a record of `parent`, both in any case.
pub(crate) fn child(parent: &str, name: &str) -> Option<&'static Entity> {
    ENTITIES.iter().find(|entity| {
        entity.parent.is_some_and(|(own, called, _)| {
            own.eq_ignore_ascii_case(parent) && called.eq_ignore_ascii_case(name)
        })
    })
}

/// Rights to create, query, update, delete.
const READ: [&str; 4] = ["None", "All", "None", "None"];
const WRITE: [&str; 4] = ["All", "All", "All", "None"];
const WRITE_AND_DELETE: [&str; 4] = ["All", "All", "All", "All"];

const fn read(path: &'static str, name: &'static str, fields: &'static [Field]) -> Entity {
    Entity {
        path,
        name,
        fields,
        access: READ,
        parent: None,
        owner: "",
    }
}

const fn written(
    path: &'static str,
    name: &'static str,
    fields: &'static [Field],
    owner: &'static str,
    access: [&'static str; 4],
) -> Entity {
    Entity {
        access,
        owner,
        ..read(path, name, fields)
    }
}

const fn hook(path: &'static str, name: &'static str) -> Entity {
    written(path, name, WEBHOOK, "ownerResourceID", WRITE_AND_DELETE)
}

const fn hook_field(path: &'static str, name: &'static str, parent: &'static str) -> Entity {
    written(path, name, WEBHOOK_FIELD, "", WRITE_AND_DELETE).under(parent, "Fields", "webhookID")
}

const fn hook_excluded(path: &'static str, name: &'static str, parent: &'static str) -> Entity {
    written(path, name, EXCLUDED_RESOURCE, "", WRITE_AND_DELETE).under(
        parent,
        "ExcludedResources",
        "webhookID",
    )
}

static ENTITIES: &[Entity] = &[
    read("Resources", "Resource", RESOURCE),
    read("OrganizationalLevel1s", "OrganizationalLevel1", LEVEL),
    read("OrganizationalLevel2s", "OrganizationalLevel2", LEVEL),
    read(
        "OrganizationalLevelAssociations",
        "OrganizationalLevelAssociation",
        ASSOCIATION,
    ),
    read(
        "OrganizationalResources",
        "OrganizationalResource",
        MEMBERSHIP,
    ),
    read("Departments", "Department", DEPARTMENT),
    read("Roles", "Role", ROLE),
    read("ResourceRoles", "ResourceRole", RESOURCE_ROLE),
    read(
        "ResourceServiceDeskRoles",
        "ResourceServiceDeskRole",
        DESK_ROLE,
    ),
    read("ActionTypes", "ActionType", ACTION_TYPE),
    read("Companies", "Company", COMPANY),
    read("Contacts", "Contact", CONTACT).under("Companies", "Contacts", "companyID"),
    written("Tickets", "Ticket", TICKET, "assignedResourceID", WRITE),
    written(
        "TicketNotes",
        "TicketNote",
        TICKET_NOTE,
        "creatorResourceID",
        WRITE,
    )
    .under("Tickets", "Notes", "ticketID"),
    written(
        "TimeEntries",
        "TimeEntry",
        TIME_ENTRY,
        "resourceID",
        WRITE_AND_DELETE,
    ),
    written(
        "CompanyNotes",
        "CompanyNote",
        COMPANY_NOTE,
        "assignedResourceID",
        WRITE_AND_DELETE,
    )
    .under("Companies", "Notes", "companyID"),
    written(
        "CompanyToDos",
        "CompanyToDo",
        TO_DO,
        "assignedToResourceID",
        WRITE_AND_DELETE,
    )
    .under("Companies", "ToDos", "companyID"),
    hook("CompanyWebhooks", "CompanyWebhook"),
    hook("ContactWebhooks", "ContactWebhook"),
    hook("TicketWebhooks", "TicketWebhook"),
    hook_field(
        "CompanyWebhookFields",
        "CompanyWebhookField",
        "CompanyWebhooks",
    ),
    hook_field(
        "ContactWebhookFields",
        "ContactWebhookField",
        "ContactWebhooks",
    ),
    hook_field(
        "TicketWebhookFields",
        "TicketWebhookField",
        "TicketWebhooks",
    ),
    hook_excluded(
        "CompanyWebhookExcludedResources",
        "CompanyWebhookExcludedResource",
        "CompanyWebhooks",
    ),
    hook_excluded(
        "ContactWebhookExcludedResources",
        "ContactWebhookExcludedResource",
        "ContactWebhooks",
    ),
    hook_excluded(
        "TicketWebhookExcludedResources",
        "TicketWebhookExcludedResource",
        "TicketWebhooks",
    ),
];
