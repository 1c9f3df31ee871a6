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
        "hasUserDefinedFields": !entity.has_rows,
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
            "isReadOnly": field.name == "id",
            "isQueryable": field.queryable,
            "isReference": field.name.len() > 2 && field.name.ends_with("ID"),
            "referenceEntityType": "",
            "isPickList": !picks.is_empty(),
            "picklistValues": if picks.is_empty() { Value::Null } else { Value::Array(picks) },
            "picklistParentValueField": "",
            "isSupportedWebhookField": false,
        })
    });
    json!({ "fields": shown.collect::<Vec<_>>() })
}
