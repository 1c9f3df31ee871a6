//! What is in every database from the start: models, types of activities, external ids.

/// The fixed rows of small models: id and the fields in the order of the model.
pub(crate) fn rows(model: &str) -> &'static [(i64, &'static [&'static str])] {
    match model {
        "mail.activity.type" => &[
            (1, &["Email", "default"]),
            (2, &["Call", "phonecall"]),
            (3, &["Meeting", "default"]),
            (4, &["To Do", "default"]),
        ],
        "ir.model" => &[
            (79, &["res.partner", "Contact"]),
            (85, &["res.users", "User"]),
            (261, &["crm.lead", "Lead/Opportunity"]),
            (302, &["crm.phonecall", "Phonecall"]),
        ],
        "ir.model.data" => &[
            (
                6655,
                &["mail", "mail_activity_data_call", "mail.activity.type", "2"],
            ),
            (
                6657,
                &["mail", "mail_activity_data_todo", "mail.activity.type", "4"],
            ),
            (1201, &["base", "model_res_partner", "ir.model", "79"]),
            (8140, &["crm", "model_crm_lead", "ir.model", "261"]),
            (33, &["base", "main_company", "res.company", "1"]),
        ],
        _ => &[],
    }
}
