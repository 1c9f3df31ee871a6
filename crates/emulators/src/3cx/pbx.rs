//! What each address of the configuration API answers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::calls::{self, CALL};
use super::entities::{
    self, Entity, VERSION, did, find, group_of, groups, member_row, rule_row, user_row,
};
use super::errors::{not_found, odata};
use super::odata::{Key, Path, Query, context, list};
use super::{CLIENT_ID, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserState};

/// Queues: id, number, name and the department whose people are its agents.
const QUEUES: &[(i64, &str, &str, &str)] = &[
    (21, "8000", "Support Queue", "Support"),
    (22, "8001", "Sales Queue", "Sales"),
];

/// `GET` of a path below `/xapi/v1/`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, path: &Path) -> Answer {
    if path.broken {
        return not_found();
    }
    let Some(entity) = find(&path.set) else {
        return not_found();
    };
    let directory = core.directory();
    let all = directory.users().len();
    let users: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| user.state != UserState::Deleted)
        .collect();
    let place = Place {
        core,
        request,
        entity,
        users,
        all,
    };
    match (path.set.as_str(), &path.key, path.rest.as_deref()) {
        ("Users", None, None) => place.list_users(),
        ("Users", Some(key), rest) => place.user(key, rest),
        ("Groups", None, None) => place.groups(),
        ("Groups", Some(Key::Id(id)), None) => place.group(*id),
        ("Groups", Some(Key::Id(id)), Some("Members")) => {
            place.members("Members", |user| group_of(user) == *id)
        }
        ("Queues", None, None) => place.queues(),
        ("Queues", Some(Key::Id(id)), Some(rest @ ("Agents" | "Managers"))) => {
            place.agents(*id, rest)
        }
        ("Peers", None, None) => place.peers(),
        ("Peers", Some(Key::Number(wanted)), None) => place.peer(wanted),
        ("DidNumbers", None, None) => place.did_numbers(),
        ("InboundRules", None, None) => place.inbound_rules(),
        ("ActiveCalls", None, None) => place.active_calls(),
        ("SystemStatus", None, None) => place.single(&place.status()),
        ("Defs", None, None) => place.single(&json!({ "Id": 0 })),
        ("LastCdrAndChatMessageTimestamp", None, None) => place.single(&place.last_call()),
        _ => not_found(),
    }
}

struct Place<'a> {
    core: &'a Core,
    request: &'a ApiRequest,
    entity: &'static Entity,
    users: Vec<&'a User>,
    /// How many users there ever were, which decides how long extensions are.
    all: usize,
}

impl Place<'_> {
    fn list_users(&self) -> Answer {
        let row = |user: &User| user_row(user, self.all, self.core.seed);
        list(
            self.core,
            self.request,
            self.entity,
            self.users.clone(),
            row,
        )
    }

    fn find_user(&self, key: &Key) -> Option<&User> {
        let mut users = self.users.iter();
        let found = match key {
            Key::Id(id) => users.find(|user| user.id.parse() == Ok(*id)),
            Key::Number(wanted) => users.find(|user| number(user, self.all) == *wanted),
        };
        found.copied()
    }

    fn user(&self, key: &Key, rest: Option<&str>) -> Answer {
        let Some(user) = self.find_user(key) else {
            return not_found();
        };
        let row = user_row(user, self.all, self.core.seed);
        match rest {
            None => self.single(&row),
            Some("Groups") => self.among(
                "Members",
                row["Groups"].as_array().cloned().unwrap_or_default(),
            ),
            Some(_) => not_found(),
        }
    }

    /// One entity, with what was asked for.
    fn single(&self, row: &Value) -> Answer {
        let query = match Query::read(self.request, self.entity) {
            Ok(query) => query,
            Err(answer) => return *answer,
        };
        let mut body = query.narrowed(row, self.entity);
        body["@odata.context"] = json!(format!("{}/$entity", context(self.core, self.entity)));
        odata(StatusCode::OK, &body)
    }

    /// A short collection of rows that are made already.
    fn among(&self, set: &str, rows: impl IntoIterator<Item = Value>) -> Answer {
        let Some(entity) = entities::find(set) else {
            return not_found();
        };
        let rows: Vec<Value> = rows.into_iter().collect();
        let items: Vec<&Value> = rows.iter().collect();
        list(self.core, self.request, entity, items, Value::clone)
    }

    fn members(&self, set: &str, belongs: impl Fn(&User) -> bool) -> Answer {
        let members = self.users.iter().filter(|user| belongs(user));
        self.among(set, members.map(|user| member_row(user, self.all)))
    }

    fn group_row(&self, id: i64, number: &str, name: &str) -> Value {
        let members: Vec<Value> = self
            .users
            .iter()
            .filter(|user| group_of(user) == id)
            .map(|user| member_row(user, self.all))
            .collect();
        json!({
            "Id": id, "Name": name, "Number": number, "Language": "EN", "TimeZoneId": "51",
            "IsDefault": name == "DEFAULT", "HasMembers": !members.is_empty(), "Members": members,
        })
    }

    fn groups(&self) -> Answer {
        let rows = groups().map(|(id, number, name)| self.group_row(id, &number, name));
        self.among("Groups", rows)
    }

    fn group(&self, wanted: i64) -> Answer {
        let found = groups().find(|(id, _, _)| *id == wanted);
        found.map_or_else(not_found, |(id, number, name)| {
            self.single(&self.group_row(id, &number, name))
        })
    }

    fn agent_rows(&self, department: &str) -> Vec<Value> {
        let agents = self
            .users
            .iter()
            .filter(|user| user.is_active() && user.department.as_deref() == Some(department));
        let row = |user: &&User| {
            json!({
                "Id": user.id.parse::<i64>().unwrap_or(0), "Number": number(user, self.all), "Name": user.full_name(),
                "SkillGroup": "1", "Tags": [],
            })
        };
        agents.map(row).collect()
    }

    fn queues(&self) -> Answer {
        let row = |(id, number, name, department): &(i64, &str, &str, &str)| {
            json!({
                "Id": id, "Number": number, "Name": name, "IsRegistered": true, "PollingStrategy": "RingAll",
                "RingTimeout": 20, "MasterTimeout": 120, "Agents": self.agent_rows(department), "Managers": [],
            })
        };
        self.among("Queues", QUEUES.iter().map(row))
    }

    fn agents(&self, id: i64, rest: &str) -> Answer {
        let Some((_, _, _, department)) = QUEUES.iter().find(|(queue, ..)| *queue == id) else {
            return not_found();
        };
        self.among(
            "Agents",
            if rest == "Agents" {
                self.agent_rows(department)
            } else {
                Vec::new()
            },
        )
    }

    fn peer_rows(&self) -> Vec<Value> {
        let row = |id: i64, number: &str, name: &str, kind: &str, groups: Value| {
            json!({
                "Id": id, "Number": number, "Name": name, "Type": kind, "MemberOf": groups, "Hidden": false, "Tags": [],
            })
        };
        let mut rows = vec![
            row(12, "10000", "SIP trunk", "ExternalLine", json!([])),
            row(13, CLIENT_ID, "Counterpart", "RoutePoint", json!([])),
        ];
        rows.extend(
            QUEUES
                .iter()
                .map(|(id, number, name, _)| row(*id, number, name, "Queue", json!([]))),
        );
        rows.extend(self.users.iter().map(|user| {
            let group =
                json!([{ "GroupID": group_of(user), "IsPrimary": true, "RoleName": "users" }]);
            let id = user.id.parse().unwrap_or(0);
            row(
                id,
                &number(user, self.all),
                &user.full_name(),
                "Extension",
                group,
            )
        }));
        rows
    }

    fn peers(&self) -> Answer {
        self.among("Peers", self.peer_rows())
    }

    fn peer(&self, wanted: &str) -> Answer {
        let found = self
            .peer_rows()
            .into_iter()
            .find(|row| row["Number"] == wanted);
        found.map_or_else(not_found, |row| self.single(&row))
    }

    fn with_number(&self) -> Vec<&User> {
        self.users
            .iter()
            .filter(|user| user.is_active() && did(user).is_some())
            .copied()
            .collect()
    }

    fn did_numbers(&self) -> Answer {
        let row = |user: &User| {
            json!({
                "Number": did(user), "TrunkId": 12, "TemplateFileName": "generic.pv.xml",
                "RoutingRule": rule_row(user, self.all),
            })
        };
        list(
            self.core,
            self.request,
            self.entity,
            self.with_number(),
            row,
        )
    }

    fn inbound_rules(&self) -> Answer {
        let row = |user: &User| rule_row(user, self.all);
        list(
            self.core,
            self.request,
            self.entity,
            self.with_number(),
            row,
        )
    }

    fn active_calls(&self) -> Answer {
        let records = self.core.records();
        let rows = records
            .of(CALL)
            .map(|call| calls::active_row(call, self.core.clock.now()));
        self.among("ActiveCalls", rows)
    }

    fn status(&self) -> Value {
        let active = self.users.iter().filter(|user| user.is_active()).count();
        json!({
            "Id": 0, "FQDN": "northwind.my3cx.example", "Version": VERSION, "Activated": true,
            "ProductCode": "3CXPSPROF", "LicenseActive": true, "LicenseKey": "NWSU-3CXE-MULA-TOR1",
            "MaxSimCalls": 64, "ExtensionsTotal": self.users.len(), "ExtensionsRegistered": active,
            "UserExtensions": self.users.len(), "TrunksTotal": 1, "TrunksRegistered": 1,
            "CallsActive": self.core.records().count(CALL), "OS": "Linux",
        })
    }

    fn last_call(&self) -> Value {
        let records = self.core.records();
        let last = records
            .of(CALL)
            .map(|call| calls::time(call.created))
            .last();
        json!({ "LastCdrStartedAt": last, "LastChatMessageTimeSent": null })
    }
}
