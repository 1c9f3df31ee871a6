//! The rows of the tables, read out of the directory without being built: a list looks at the
//! columns of its conditions only.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::ids;
use super::tables::{Kind, Table};
use crate::contacts::{Contact, Contacts};
use crate::directory::{Directory, User, UserKind, UserState};
use crate::people::ORGANIZATION;
use crate::records::{Record, Records};

/// The roles there are.
pub(crate) const ROLES: &[&str] = &[
    "itil",
    "admin",
    "snc_external",
    "web_service_admin",
    "sn_openframe_api_user",
];

/// The properties that can be read.
const PROPERTIES: &[(&str, &str)] = &[
    ("instance_name", "northwindsupport"),
    ("instance_id", "4b1f7c92db5e01103f9d8c7e0b9619a3"),
    ("glide.invalid_query.returns_no_rows", "false"),
    ("glide.installation.production", "true"),
];

/// A row of any table.
#[derive(Clone, Debug)]
pub(crate) enum Row<'a> {
    User(&'a User),
    Customer(&'a Contact),
    /// A user's role, by its place in the list of roles.
    HasRole(&'a User, usize),
    Member(&'a User),
    Deleted(&'a User),
    Record(&'a Record),
    Made(BTreeMap<&'static str, String>),
}

/// Everything there is to read.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) contacts: &'a Contacts,
    pub(crate) records: &'a Records,
}

/// A time as `ServiceNow` stores it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn is_there(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// Everybody listed works with tickets; some roles more tell programs and outsiders.
fn roles_of(user: &User) -> Vec<usize> {
    match user.kind {
        UserKind::Connecting => vec![0, 3, 4],
        UserKind::Integration | UserKind::Automated => vec![0, 3],
        UserKind::Portal | UserKind::Guest => vec![0, 2],
        UserKind::Person
            if user
                .title
                .as_deref()
                .is_some_and(|title| title.contains("Manager")) =>
        {
            vec![0, 1]
        }
        _ => vec![0],
    }
}

impl<'a> Row<'a> {
    /// The value of a column; empty where nothing is there.
    pub(crate) fn plain(&self, column: &str) -> Cow<'a, str> {
        let text = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
        match self {
            Self::User(user) => of_user(user, column),
            Self::Customer(contact) => match column {
                "sys_id" => Cow::Borrowed(contact.id.as_str()),
                "user_name" | "email" => text(&contact.email),
                "first_name" => Cow::Borrowed(contact.given.as_str()),
                "last_name" => Cow::Borrowed(contact.family.as_str()),
                "name" => Cow::Owned(contact.full_name()),
                "phone" => text(&contact.phone),
                "mobile_phone" => text(&contact.mobile),
                "active" => Cow::Borrowed("true"),
                "locked_out" | "web_service_access_only" | "internal_integration_user" | "vip" => {
                    Cow::Borrowed("false")
                }
                "company" | "account" => Cow::Borrowed(contact.company_id.as_str()),
                "sys_class_name" => Cow::Borrowed("customer_contact"),
                "sys_created_on" => Cow::Owned(date_time(contact.created)),
                "sys_updated_on" => Cow::Owned(date_time(contact.modified)),
                "sys_created_by" | "sys_updated_by" => Cow::Borrowed("admin"),
                _ => Cow::Borrowed(""),
            },
            Self::HasRole(user, role) => match column {
                "sys_id" => Cow::Owned(ids::derived(&user.id, *role)),
                "user" => Cow::Borrowed(user.id.as_str()),
                "role" => Cow::Owned(ids::made("role", *role)),
                "state" => Cow::Borrowed("active"),
                "inherited" => Cow::Borrowed("false"),
                _ => dates(user, column),
            },
            Self::Member(user) => match column {
                "sys_id" => Cow::Owned(ids::derived(&user.id, 0xa0)),
                "user" => Cow::Borrowed(user.id.as_str()),
                "group" => Cow::Owned(ids::made("group", 0)),
                _ => dates(user, column),
            },
            Self::Deleted(user) => match column {
                "sys_id" => Cow::Owned(ids::derived(&user.id, 0xd0)),
                "tablename" => Cow::Borrowed("sys_user"),
                "documentkey" => Cow::Borrowed(user.id.as_str()),
                "display_value" => Cow::Owned(user.full_name()),
                "sys_created_on" => Cow::Owned(date_time(user.modified)),
                _ => dates(user, column),
            },
            Self::Record(record) => {
                Cow::Borrowed(record.fields[column].as_str().unwrap_or_default())
            }
            Self::Made(fields) => Cow::Owned(fields.get(column).cloned().unwrap_or_default()),
        }
    }

    /// What it is called where it is shown.
    pub(crate) fn display(&self, table: &Table) -> Cow<'a, str> {
        let has_number = table.column("number").is_some();
        self.plain(if has_number { "number" } else { "name" })
    }
}

impl<'a> View<'a> {
    /// The rows of a table, in the order they were made.
    pub(crate) fn rows(self, table: &Table) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        let users = || self.directory.users().iter().filter(|user| is_there(user));
        match table.name {
            "sys_user" => {
                let customers = self.contacts.all().iter().map(Row::Customer);
                Box::new(users().map(Row::User).chain(customers))
            }
            "customer_contact" => Box::new(self.contacts.all().iter().map(Row::Customer)),
            "sys_user_has_role" => Box::new(users().flat_map(|user| {
                let roles = roles_of(user).into_iter();
                roles.map(move |role| Row::HasRole(user, role))
            })),
            "sys_user_grmember" => {
                let people = users().filter(|user| user.kind == UserKind::Person);
                Box::new(people.map(Row::Member))
            }
            "sys_audit_delete" => {
                let gone = self.directory.users().iter().filter(|user| !is_there(user));
                Box::new(gone.map(Row::Deleted))
            }
            "sys_user_role" | "sys_user_group" | "sys_properties" => {
                Box::new(made(table.name).into_iter())
            }
            "cmn_department" => Box::new(self.departments().into_iter()),
            "core_company" | "customer_account" => Box::new(self.companies().into_iter()),
            _ => {
                let kinds: Vec<&'static str> = [
                    "task",
                    "incident",
                    "sn_customerservice_case",
                    "interaction",
                    "sys_journal_field",
                ]
                .into_iter()
                .filter(|kind| Table::find(kind).is_some_and(|other| other.is_a(table.name)))
                .collect();
                let all = self.records.all().iter();
                Box::new(
                    all.filter(move |record| kinds.contains(&record.kind.as_str()))
                        .map(Row::Record),
                )
            }
        }
    }

    /// The row of that id.
    pub(crate) fn find(self, table: &Table, id: &str) -> Option<Row<'a>> {
        match table.name {
            "sys_user" => {
                let user = self
                    .directory
                    .find(id)
                    .filter(|user| is_there(user))
                    .map(Row::User);
                user.or_else(|| self.contacts.find(id).map(Row::Customer))
            }
            "customer_contact" => self.contacts.find(id).map(Row::Customer),
            _ => self.rows(table).find(|row| row.plain("sys_id") == id),
        }
    }

    /// The value at a path of columns parted by dots; empty where nothing is there.
    pub(crate) fn value(self, table: &Table, row: &Row<'a>, path: &str) -> Cow<'a, str> {
        let Some((first, rest)) = path.split_once('.') else {
            return row.plain(path);
        };
        if let (Row::HasRole(_, role), "role.name") = (row, path) {
            return Cow::Borrowed(ROLES[*role]);
        }
        let target = self.target(table, row, first);
        target.map_or(Cow::Borrowed(""), |(table, row)| {
            self.value(table, &row, rest)
        })
    }

    /// The row that a reference leads to.
    pub(crate) fn target(
        self,
        table: &Table,
        row: &Row<'a>,
        column: &str,
    ) -> Option<(&'static Table, Row<'a>)> {
        let Kind::Reference(target) = table.column(column)?.kind else {
            return None;
        };
        let target = Table::find(target)?;
        let row = match (row, column) {
            (Row::HasRole(user, _) | Row::Member(user), "user") => Row::User(user),
            // Found without a look at the whole table: a list shows many of them.
            (Row::User(user), "department") => {
                let name = user.department.as_deref()?;
                named(ids::department(name), name)
            }
            (Row::User(_), "company") => named(ids::made("company", 0), ORGANIZATION),
            (Row::Customer(contact), "company" | "account") => {
                named(contact.company_id.clone(), &contact.company)
            }
            _ => self.find(target, &row.plain(column))?,
        };
        Some((target, row))
    }

    fn departments(self) -> Vec<Row<'a>> {
        let mut seen = HashSet::new();
        let names = self
            .directory
            .users()
            .iter()
            .filter_map(|user| user.department.as_deref());
        names
            .filter(|name| seen.insert(*name))
            .map(|name| {
                Row::Made(BTreeMap::from([
                    ("sys_id", ids::department(name)),
                    ("name", name.to_owned()),
                ]))
            })
            .collect()
    }

    fn companies(self) -> Vec<Row<'a>> {
        let own = BTreeMap::from([
            ("sys_id", ids::made("company", 0)),
            ("name", ORGANIZATION.to_owned()),
        ]);
        let mut seen = HashSet::new();
        let contacts = self.contacts.all().iter();
        let others = contacts
            .filter(|contact| seen.insert(contact.company_id.as_str()))
            .map(|contact| {
                BTreeMap::from([
                    ("sys_id", contact.company_id.clone()),
                    ("name", contact.company.clone()),
                ])
            });
        std::iter::once(own).chain(others).map(Row::Made).collect()
    }
}

fn of_user<'a>(user: &'a User, column: &str) -> Cow<'a, str> {
    let text = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let flag = |is: bool| Cow::Borrowed(if is { "true" } else { "false" });
    let is_program = matches!(
        user.kind,
        UserKind::Connecting | UserKind::Integration | UserKind::Automated
    );
    match column {
        "sys_id" => Cow::Borrowed(user.id.as_str()),
        "user_name" => Cow::Borrowed(user.username.as_str()),
        "first_name" => Cow::Borrowed(user.given.as_str()),
        "last_name" => Cow::Borrowed(user.family.as_str()),
        "name" => Cow::Owned(user.full_name()),
        "email" => Cow::Borrowed(user.email.as_str()),
        "phone" => text(&user.phone),
        "mobile_phone" => text(&user.mobile),
        "active" => flag(user.is_active()),
        "locked_out" => flag(!user.is_active()),
        "title" => text(&user.title),
        "department" => user
            .department
            .as_deref()
            .map_or(Cow::Borrowed(""), |name| Cow::Owned(ids::department(name))),
        "company" => Cow::Owned(ids::made("company", 0)),
        "employee_number" => text(&user.employee_number),
        "web_service_access_only" => flag(is_program),
        "internal_integration_user" => flag(user.kind == UserKind::Automated),
        "vip" => flag(false),
        "sys_class_name" => Cow::Borrowed("sys_user"),
        "last_login_time" => user
            .last_login
            .map_or(Cow::Borrowed(""), |time| Cow::Owned(date_time(time))),
        "preferred_language" => Cow::Borrowed(user.locale.split('_').next().unwrap_or_default()),
        "time_zone" => Cow::Borrowed("GMT"),
        "roles" => {
            let names = roles_of(user).into_iter().map(|role| ROLES[role]);
            Cow::Owned(names.collect::<Vec<_>>().join(","))
        }
        _ => dates(user, column),
    }
}

fn named(id: String, name: &str) -> Row<'static> {
    Row::Made(BTreeMap::from([("sys_id", id), ("name", name.to_owned())]))
}

fn dates<'a>(user: &User, column: &str) -> Cow<'a, str> {
    match column {
        "sys_created_on" => Cow::Owned(date_time(user.created)),
        "sys_updated_on" => Cow::Owned(date_time(user.modified)),
        "sys_created_by" | "sys_updated_by" => Cow::Borrowed("admin"),
        "sys_mod_count" => Cow::Borrowed("3"),
        _ => Cow::Borrowed(""),
    }
}

fn made(table: &str) -> Vec<Row<'static>> {
    let rows: Vec<BTreeMap<&'static str, String>> = match table {
        "sys_user_role" => ROLES
            .iter()
            .enumerate()
            .map(|(nth, name)| {
                BTreeMap::from([
                    ("sys_id", ids::made("role", nth)),
                    ("name", (*name).to_owned()),
                ])
            })
            .collect(),
        "sys_properties" => PROPERTIES
            .iter()
            .enumerate()
            .map(|(nth, (name, value))| {
                BTreeMap::from([
                    ("sys_id", ids::made("property", nth)),
                    ("name", (*name).to_owned()),
                    ("value", (*value).to_owned()),
                    ("type", "string".to_owned()),
                ])
            })
            .collect(),
        _ => vec![BTreeMap::from([
            ("sys_id", ids::made("group", 0)),
            ("name", "Service Desk".to_owned()),
            ("active", "true".to_owned()),
        ])],
    };
    rows.into_iter().map(Row::Made).collect()
}
