//! What the API says about its entities: rights and fields. A client probes both.

use serde_json::{Value, json};

use super::entities::Entity;

/// `…/entityInformation`.
pub(crate) fn information(entity: &Entity) -> Value {
    let [create, query, update, delete] = entity.access;
    json!({ "info": {
        "name": entity.name,
        "canCreate": create != "None",
        "canQuery": query != "None",
        "canUpdate": update != "None",
        "canDelete": delete != "None",
        "userAccessForCreate": create,
        "userAccessForQuery": query,
        "userAccessForUpdate": update,
        "userAccessForDelete": delete,
        "hasUserDefinedFields": matches!(entity.path, "Companies" | "Contacts" | "Tickets"),
        "supportsWebhookCallouts": matches!(entity.path, "Companies" | "Contacts" | "Tickets" | "TicketNotes"),
    } })
}

/// `…/entityInformation/fields`.
pub(crate) fn described(entity: &Entity) -> Value {
    let shown = entity.fields.iter().map(|field| {
        let values = field.picklist.iter().enumerate().map(|(nth, (value, label))| {
            json!({
                "value": value, "label": label, "isDefaultValue": nth == 0, "sortOrder": nth + 1,
                "parentValue": "", "isActive": true, "isSystem": true,
            })
        });
        let picks: Vec<Value> = values.collect();
        json!({
            "name": field.name,
            "dataType": field.data_type,
            "length": field.length,
            "isRequired": field.required,
            "isReadOnly": field.read_only,
            "isQueryable": field.queryable,
            "isReference": field.name.len() > 2 && field.name.ends_with("ID"),
            "referenceEntityType": refers_to(field.name),
            "isPickList": !picks.is_empty(),
            "picklistValues": if picks.is_empty() { Value::Null } else { Value::Array(picks) },
            "picklistParentValueField": "",
            "isSupportedWebhookField": false,
        })
    });
    json!({ "fields": shown.collect::<Vec<_>>() })
}

/// The entity that a field's name says its values are ids of.
fn refers_to(field: &str) -> &'static str {
    match field {
        "companyID" => "Company",
        "contactID" => "Contact",
        "ticketID" => "Ticket",
        "roleID" | "assignedResourceRoleID" => "Role",
        "departmentID" => "Department",
        name if name.to_lowercase().ends_with("resourceid") => "Resource",
        _ => "",
    }
}
