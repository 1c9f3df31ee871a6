//! What a registered web hook is sent: the context of what was done, unsigned. The secret is a header
//! that its administrator registered with it.

use serde_json::json;

use super::rows::organization_id;
use super::{ids, rows};
use crate::control::{Happening, SentWebhook};
use crate::core::Core;

/// The header that was registered, as this product's own page says.
const SECRET: &str = "x-counterpart-secret";

/// The request that tells somebody at `url` what happened.
pub(crate) fn sent(core: &Core, what: &Happening, url: &str, secret: &str) -> SentWebhook {
    let (table, id) = match what {
        Happening::UserChanged(id) => ("systemuser", id),
        Happening::ContactChanged(id) => ("contact", id),
    };
    let now = core.clock.now();
    let millis = now.as_millisecond();
    let request = usize::try_from(millis / 1_000).unwrap_or_default();
    let by = core.directory().connecting().map(|user| user.id.clone());
    let target = json!({
        "__type": "Entity:http://schemas.microsoft.com/xrm/2011/Contracts",
        "Attributes": [{ "key": format!("{table}id"), "value": id }],
        "EntityState": null,
        "FormattedValues": [],
        "Id": id,
        "KeyAttributes": [],
        "LogicalName": table,
        "RelatedEntities": [],
        "RowVersion": null,
    });
    let body = json!({
        "BusinessUnitId": rows::business_unit_id(),
        "CorrelationId": ids::make("correlation", request),
        "Depth": 1,
        "InitiatingUserId": by,
        "InputParameters": [{ "key": "Target", "value": target }],
        "IsExecutingOffline": false,
        "MessageName": "Update",
        "Mode": 1,
        "OperationCreatedOn": format!("/Date({millis}+0000)/"),
        "OperationId": ids::make("operation", request),
        "OrganizationId": organization_id(),
        "PostEntityImages": [],
        "PreEntityImages": [],
        "PrimaryEntityId": id,
        "PrimaryEntityName": table,
        "RequestId": ids::make("request", request),
        "SharedVariables": [],
        "Stage": 40,
        "UserId": by,
    });
    let headers = [
        ("content-type", "application/json"),
        ("x-ms-dynamics-entity-name", table),
        ("x-ms-dynamics-request-name", "Update"),
        (
            "x-ms-dynamics-organization",
            "org-northwind.crm.dynamics.example",
        ),
        (SECRET, secret),
    ];
    SentWebhook {
        url: url.to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        body: body.to_string().into_bytes(),
    }
}
