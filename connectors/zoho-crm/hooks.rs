//! What Zoho CRM needs beyond its manifest: the type of a missed call, and the record that a call,
//! task or note is about. Its sister products are built on the same modules and share this.

use counterpart_connector::Hooks;
use counterpart_model::activity::{Activity, Direction, Outcome};
use serde_json::{Map, Value, json};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        build_activity: Some(build_activity),
        ..Hooks::default()
    }
}

/// The modules of a product whose records a write can be about, besides contacts.
pub(crate) struct Modules {
    pub(crate) lead: Option<&'static str>,
    pub(crate) company: &'static str,
}

fn build_activity(body: Value, activity: &Activity) -> Result<Value, String> {
    let modules = Modules {
        lead: Some("Leads"),
        company: "Accounts",
    };
    built(body, activity, &modules, |note, module, id| {
        let parent = json!({ "id": id, "module": { "api_name": module } });
        note.insert("Parent_Id".to_owned(), parent);
    })
}

/// A new record as the vendor wants it; a change stays as it is. `put_under` puts a note
/// under the record of a module.
pub(crate) fn built(
    mut body: Value,
    activity: &Activity,
    modules: &Modules,
    put_under: fn(&mut Map<String, Value>, &str, &str),
) -> Result<Value, String> {
    let record = body.pointer_mut("/data/0").and_then(Value::as_object_mut);
    let Some(record) = record.filter(|record| record.contains_key("Owner")) else {
        return Ok(body);
    };
    let about = &activity.about;
    let contact = about.contact_id.as_deref().map(|id| ("Contacts", id));
    let lead = modules.lead.zip(about.lead_id.as_deref());
    let company = about.company_id.as_deref().map(|id| (modules.company, id));
    if record.contains_key("Note_Content") {
        let under = contact.or(lead).or(company);
        let (module, id) = under.ok_or("a note stands under a customer, and none is known")?;
        put_under(record, module, id);
        return Ok(body);
    }
    if record.contains_key("Call_Type") {
        set_type(record, activity);
    }
    // A lead is itself both person and company.
    let related = lead.filter(|_| contact.is_none()).or(company);
    if let Some((module, id)) = related {
        record.insert("What_Id".to_owned(), json!({ "id": id }));
        record.insert("$se_module".to_owned(), module.into());
    } else {
        record.remove("$se_module");
    }
    Ok(body)
}

/// A call that nobody took is of a type of its own; one that we made says that it took place.
fn set_type(record: &mut Map<String, Value>, activity: &Activity) {
    let was_taken = matches!(activity.outcome, None | Some(Outcome::Answered));
    match activity.direction {
        Some(Direction::Outbound) => {
            record.insert("Outgoing_Call_Status".to_owned(), "Completed".into());
        }
        Some(Direction::Inbound) if !was_taken => {
            record.insert("Call_Type".to_owned(), "Missed".into());
        }
        _ => {}
    }
}
