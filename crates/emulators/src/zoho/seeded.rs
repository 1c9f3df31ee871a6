//! The fields that products have alike: of customers, their companies, tasks and notes.

use super::fields::{Field, Kind};

/// When and by whom a record was made and changed.
const CREATED: Field = Field::new("Created_Time", Kind::DateTime).read_only();
const MODIFIED: Field = Field::new("Modified_Time", Kind::DateTime).read_only();
const CREATED_BY: Field = Field::new("Created_By", Kind::User).read_only();
const MODIFIED_BY: Field = Field::new("Modified_By", Kind::User).read_only();

/// A contact; the company's field is named by the product.
pub(crate) const fn contact(company: &'static str, companies: &'static str) -> [Field; 14] {
    [
        Field::new("Owner", Kind::Owner),
        Field::new("First_Name", Kind::Text(40)),
        Field::new("Last_Name", Kind::Text(80)).mandatory(),
        Field::new("Full_Name", Kind::Text(120)).read_only(),
        Field::new(company, Kind::Lookup(companies)),
        Field::new("Email", Kind::Email),
        Field::new("Secondary_Email", Kind::Email),
        Field::new("Phone", Kind::Phone),
        Field::new("Mobile", Kind::Phone),
        Field::new("Other_Phone", Kind::Phone),
        CREATED,
        MODIFIED,
        CREATED_BY,
        MODIFIED_BY,
    ]
}

/// Somebody who is no contact yet; the company is text.
pub(crate) const fn lead(company: &'static str) -> [Field; 13] {
    [
        Field::new("Owner", Kind::Owner),
        Field::new("First_Name", Kind::Text(40)),
        Field::new("Last_Name", Kind::Text(80)).mandatory(),
        Field::new("Full_Name", Kind::Text(120)).read_only(),
        Field::new(company, Kind::Text(200)),
        Field::new("Email", Kind::Email),
        Field::new("Secondary_Email", Kind::Email),
        Field::new("Phone", Kind::Phone),
        Field::new("Mobile", Kind::Phone),
        CREATED,
        MODIFIED,
        CREATED_BY,
        MODIFIED_BY,
    ]
}

/// A company; its name's field is named by the product.
pub(crate) const fn company(name: &'static str) -> [Field; 7] {
    [
        Field::new("Owner", Kind::Owner),
        Field::new(name, Kind::Text(200)).mandatory(),
        Field::new("Phone", Kind::Phone),
        CREATED,
        MODIFIED,
        CREATED_BY,
        MODIFIED_BY,
    ]
}

/// A task. `Ext_Id` is a field of the organization's own.
pub(crate) const fn task(contacts: &'static str) -> [Field; 14] {
    [
        Field::new("Owner", Kind::Owner),
        Field::new("Subject", Kind::Text(255)).mandatory(),
        Field::new("Due_Date", Kind::Date),
        Field::new("Who_Id", Kind::Lookup(contacts)),
        Field::new("What_Id", Kind::Related),
        Field::new(
            "Status",
            Kind::OpenPick(&["Not Started", "In Progress", "Completed", "Deferred"]),
        ),
        Field::new(
            "Priority",
            Kind::OpenPick(&["High", "Highest", "Low", "Lowest", "Normal"]),
        ),
        Field::new("Description", Kind::Area(32_000)),
        Field::new("Ext_Id", Kind::Text(255)).own_key(),
        Field::new("Closed_Time", Kind::DateTime).read_only(),
        CREATED,
        MODIFIED,
        CREATED_BY,
        MODIFIED_BY,
    ]
}

/// A note.
pub(crate) const NOTE: [Field; 8] = [
    Field::new("Owner", Kind::Owner),
    Field::new("Note_Title", Kind::Text(120)),
    Field::new("Note_Content", Kind::Area(32_000)).mandatory(),
    Field::new("Parent_Id", Kind::Parent).mandatory(),
    CREATED,
    MODIFIED,
    CREATED_BY,
    MODIFIED_BY,
];

/// A call. `Ext_Id` is a field of the organization's own.
pub(crate) const fn call(contacts: &'static str) -> [Field; 23] {
    [
        Field::new("Owner", Kind::Owner),
        Field::new("Subject", Kind::Text(255)).mandatory(),
        Field::new("Call_Type", Kind::Pick(&["Inbound", "Outbound", "Missed"])).mandatory(),
        Field::new("Call_Start_Time", Kind::DateTime).mandatory(),
        Field::new("Call_Duration", Kind::Text(20)),
        Field::new("Call_Duration_in_seconds", Kind::Integer).read_only(),
        Field::new(
            "Outgoing_Call_Status",
            Kind::Pick(&["Completed", "Scheduled", "Overdue", "Cancelled"]),
        ),
        Field::new("Call_Status", Kind::Text(120)).read_only(),
        Field::new(
            "Call_Purpose",
            Kind::OpenPick(&["Prospecting", "Administrative", "Negotiation"]),
        ),
        Field::new("Call_Agenda", Kind::Text(255)),
        Field::new(
            "Call_Result",
            Kind::OpenPick(&["Interested", "Not interested", "No response"]),
        ),
        Field::new("Description", Kind::Area(32_000)),
        Field::new("Who_Id", Kind::Lookup(contacts)),
        Field::new("What_Id", Kind::Related),
        Field::new("Caller_ID", Kind::Text(255)),
        Field::new("Dialled_Number", Kind::Text(255)),
        Field::new("Voice_Recording__s", Kind::Website),
        Field::new("CTI_Entry", Kind::Boolean),
        Field::new("Ext_Id", Kind::Text(255)).own_key(),
        CREATED,
        MODIFIED,
        CREATED_BY,
        MODIFIED_BY,
    ]
}
