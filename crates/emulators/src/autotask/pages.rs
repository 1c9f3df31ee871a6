//! What links to records open.

use axum::http::StatusCode;

use super::errors::not_found;
use crate::answer::{Answer, ApiRequest};

/// `/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=…`.
pub(crate) fn screen(request: &ApiRequest) -> Answer {
    let parameter = |name: &str| {
        let mut all = request.query.iter();
        all.find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.as_str())
    };
    let code = parameter("Code");
    let named = match code {
        "OpenTicketDetail" => "TicketID",
        "OpenContact" => "ContactID",
        "OpenAccount" => "AccountID",
        _ => return not_found(&request.path),
    };
    let id = parameter(named);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return not_found(&request.path);
    }
    let page = format!("<!DOCTYPE html>\n<title>{code} {id}</title><h1>{code} {id}</h1>\n");
    Answer::bytes(
        StatusCode::OK,
        "text/html; charset=utf-8",
        page.into_bytes(),
    )
}
