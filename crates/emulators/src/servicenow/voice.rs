//! Voice interactions of a contact centre, and requests in a batch.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::tables::{Kind, Table};
use super::write::Values;
use super::{ServiceNow, errors};
use crate::answer::{Answer, ApiRequest, pairs};
use crate::core::Provider as _;

/// The most requests in a batch.
const MOST: usize = 100;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl ServiceNow {
    /// `POST /openframe/voice-interaction` and `PATCH …/{id}`.
    pub(crate) fn voice(&self, request: &ApiRequest, id: Option<&str>) -> Answer {
        let Some(table) = Table::find("interaction") else {
            return errors::no_such_path();
        };
        let body: Value = match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(_) => return errors::bad_body(),
        };
        match (&request.method, id) {
            (&Method::POST, None) => {
                let interaction = &body["interaction"];
                let Some(phone) = interaction["userPhoneNumber"]
                    .as_str()
                    .filter(|phone| !phone.is_empty())
                else {
                    let detail = "userPhoneNumber is required";
                    return errors::of(StatusCode::BAD_REQUEST, "Invalid request", Some(detail));
                };
                let mut values = self.told(table, &body);
                if let Some(caller) = self.caller(phone) {
                    values.push(("opened_for", Kind::Reference("sys_user"), caller));
                }
                let id = self.add(table, &values);
                self.voiced(&id, StatusCode::CREATED)
            }
            (&Method::PATCH, Some(id)) => {
                if self.change(table, id, &self.told(table, &body)) {
                    self.voiced(id, StatusCode::OK)
                } else {
                    errors::not_found()
                }
            }
            _ => errors::method_not_allowed(),
        }
    }

    /// What the parameters say of the record, and who took the call.
    fn told(&self, table: &Table, body: &Value) -> Values {
        let nothing = Map::new();
        let parameters = body["interaction"]["additionalParams"].as_object();
        let mut values = self.known(table, parameters.unwrap_or(&nothing), false);
        let agent = body["phoneLogs"][0]["agent"].as_str();
        let is_assigned = values.iter().any(|(name, ..)| *name == "assigned_to");
        if let Some(agent) = agent.filter(|_| !is_assigned) {
            values.push(("assigned_to", Kind::Reference("sys_user"), agent.to_owned()));
        }
        values
    }

    /// The customer of that number, however it is spelt.
    fn caller(&self, phone: &str) -> Option<String> {
        let wanted = digits(phone);
        let wanted = wanted.get(wanted.len().saturating_sub(9)..)?.to_owned();
        let contacts = self.core.contacts();
        let mut all = contacts.all().iter();
        let has = |number: &Option<String>| {
            number
                .as_deref()
                .is_some_and(|number| digits(number).ends_with(&wanted))
        };
        all.find(|contact| wanted.len() == 9 && (has(&contact.phone) || has(&contact.mobile)))
            .map(|contact| contact.id.clone())
    }

    fn voiced(&self, id: &str, status: StatusCode) -> Answer {
        let records = self.core.records();
        let number = records
            .find("interaction", id)
            .map(|record| record.fields["number"].clone());
        let result = json!({ "status": "SUCCESS", "sysId": id, "number": number });
        Answer::json(status, &json!({ "result": result }))
    }

    /// `POST /batch`: requests answered one after the other, bodies in base64.
    pub(crate) fn batch(&self, request: &ApiRequest) -> Answer {
        if request.method != Method::POST {
            return errors::method_not_allowed();
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return errors::bad_body();
        };
        let Some(parts) = body["rest_requests"]
            .as_array()
            .filter(|parts| parts.len() <= MOST)
        else {
            return errors::bad_body();
        };
        let (mut serviced, mut unserviced) = (Vec::new(), Vec::new());
        for part in parts {
            match self.part(request, part) {
                Some(answered) => serviced.push(answered),
                None => unserviced.push(part["id"].clone()),
            }
        }
        let answer = json!({
            // A text, whatever came.
            "batch_request_id": body["batch_request_id"].as_str().map_or_else(
                || body["batch_request_id"].to_string(),
                str::to_owned,
            ),
            "serviced_requests": serviced, "unserviced_requests": unserviced,
        });
        Answer::json(StatusCode::OK, &answer)
    }

    fn part(&self, whole: &ApiRequest, part: &Value) -> Option<Value> {
        let address = part["url"].as_str()?;
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if path.contains("/batch") {
            return None;
        }
        let body = part["body"].as_str().map(|body| STANDARD.decode(body));
        let request = ApiRequest {
            method: part["method"].as_str()?.parse().ok()?,
            path: path.to_owned(),
            query: pairs(query.as_bytes()),
            headers: headers(whole, part),
            body: Bytes::from(body.transpose().ok()?.unwrap_or_default()),
            faults: Vec::new(),
        };
        let answer = self.answer(&request);
        let mut answered = json!({
            "id": part["id"],
            "body": STANDARD.encode(&answer.body),
            "status_code": answer.status.as_u16(),
            "status_text": answer.status.canonical_reason(),
            "execution_time": 12,
        });
        if part["exclude_response_headers"] != true {
            let headers: Vec<Value> = answer
                .headers
                .iter()
                .filter_map(|(name, value)| {
                    Some(json!({ "name": name.as_str(), "value": value.to_str().ok()? }))
                })
                .collect();
            answered["headers"] = json!(headers);
        }
        Some(answered)
    }
}

/// The headers of a part, with the credentials of the whole.
fn headers(whole: &ApiRequest, part: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for header in part["headers"].as_array().into_iter().flatten() {
        let name = header["name"]
            .as_str()
            .and_then(|name| name.parse::<HeaderName>().ok());
        let value = header["value"]
            .as_str()
            .and_then(|value| HeaderValue::from_str(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
    if let Some(credentials) = whole.headers.get("authorization") {
        headers.insert("authorization", credentials.clone());
    }
    headers
}
