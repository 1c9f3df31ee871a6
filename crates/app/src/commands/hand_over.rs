//! `counterpart hand-over`: from a moment on, a CRM user is somebody else.

use clap::Args;
use counterpart_model::CrmUserId;
use counterpart_service::Result;
use counterpart_service::mapping::HandOver;
use serde_json::json;

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

#[derive(Debug, Args)]
pub(crate) struct HandOverArgs {
    /// In which connection, by name or id
    #[arg(long)]
    connection: String,
    /// The CRM's id of the user
    #[arg(long, value_name = "ID")]
    crm_user: String,
    /// Who it is then: name, e-mail address, external id, extension or id
    #[arg(long, value_name = "PERSON")]
    to: String,
    /// From when on, past or future: 2026-11-01, 2026-11-01T09:30 or 2026-11-01T08:30:00Z
    #[arg(long, value_name = "DAY OR TIME")]
    from: String,
    /// Whose place is taken; everybody's without it. Needed for a shared seat
    #[arg(long, value_name = "PERSON")]
    instead_of: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(global: &Global, args: HandOverArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let connection = service.connection_named(&actor, &args.connection).await?;
    let person = service.person_named(&actor, &args.to).await?;
    let instead_of = match &args.instead_of {
        Some(text) => Some(service.person_named(&actor, text).await?.id),
        None => None,
    };
    let wanted = HandOver {
        connection_id: connection.id,
        crm_user_id: CrmUserId(args.crm_user),
        person_id: person.id,
        from: args.from,
        instead_of,
    };
    let (plan, applied) = if args.dry_run {
        (service.plan_hand_over(&actor, &wanted).await?, None)
    } else {
        let (plan, applied) = service.hand_over(&actor, &wanted, args.reason).await?;
        (plan, Some(applied))
    };
    let result = json!({
        "change_set": applied.as_ref().map(|applied| applied.number),
        "from": plan.from,
        "sentences": plan.sentences,
        "ending": plan.ending.iter().map(|mapping| mapping.id).collect::<Vec<_>>(),
        "replaced": plan.replaced.iter().map(|mapping| mapping.id).collect::<Vec<_>>(),
    });
    output.result(&result, |_| {
        let outcome = match &applied {
            Some(applied) => format!("change set {} applied", applied.number),
            None if plan.is_empty() => "all of it is true already".to_owned(),
            None => "nothing was changed yet".to_owned(),
        };
        format!("{}\n{outcome}", plan.sentences.join("\n"))
    });
    Ok(Ending::Done)
}
