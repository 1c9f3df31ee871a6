//! Rows of the two files and of what is known about them.

use super::{
    company::{Company, Manager},
    human::{Human, Notation, Phone},
    names::NameSource,
    random::{Random, mix},
    roles::{DEPARTMENTS, TITLES},
    shares,
    table::Table,
    tags::{Tag, Tags},
    written::Written,
};

/// Columns of the platform's file.
pub(super) const PEOPLE: &[&str] = &[
    "agent_id",
    "employee_id",
    "display_name",
    "given_name",
    "family_name",
    "email",
    "phone",
    "extension",
    "job_title",
    "department",
    "location",
    "manager",
    "status",
];

/// Columns of the CRM's file.
pub(super) const USERS: &[&str] = &[
    "Id",
    "External Id",
    "Full Name",
    "First Name",
    "Last Name",
    "Email Address",
    "Username",
    "Phone Number",
    "Title",
    "Department",
    "City",
    "Manager",
    "Is Active",
    "User Type",
];

/// Columns of the known pairs.
pub(super) const TRUTH: &[&str] = &["a_id", "b_id", "tags"];

/// Columns of the records without a counterpart: which file, which row, why, and whose row of the
/// other file it could be taken for.
pub(super) const DISTRACTORS: &[&str] = &["side", "id", "reason", "resembles"];

/// The platform's id of its `serial`-th person.
pub(super) fn person_id(serial: usize) -> String {
    format!("P{serial:07}")
}

/// The CRM's id of its `serial`-th user: eighteen letters and digits that say nothing of when the
/// row was made.
pub(super) fn user_id(serial: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut left = mix(serial as u64 + 1);
    let mut id = "0058d00".to_owned();
    for _ in 0..11 {
        id.push(char::from(
            DIGITS[usize::try_from(left % 62).expect("is below 62")],
        ));
        left /= 62;
    }
    id
}

/// The `serial`-th employee id. No two are equal, and neighbours are not alike.
pub(super) fn employee_id(serial: usize) -> String {
    // 7,368,787 and 10⁷ have no common divisor, so that every id comes once in 10⁷.
    format!("E{:07}", (serial as u64 * 7_368_787 + 4_211) % 10_000_000)
}

/// A row of the platform.
#[derive(Debug, Default, Clone)]
pub(super) struct Person {
    pub(super) employee_id: String,
    pub(super) display: String,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) extension: String,
    pub(super) title: String,
    pub(super) department: String,
    pub(super) location: String,
    pub(super) manager: String,
    pub(super) is_inactive: bool,
}

impl Person {
    pub(super) fn of(human: &Human, written: &Written, random: &mut Random) -> Self {
        let notation = if random.chance(500) {
            Notation::E164
        } else {
            Notation::Spaced
        };
        Self {
            display: written.full.clone(),
            given: written.given.clone(),
            family: written.family.clone(),
            phone: if random.chance(shares::HAS_PHONE) {
                human.phone.write(notation)
            } else {
                String::new()
            },
            extension: human.extension.clone(),
            title: human.title.usual.to_owned(),
            department: DEPARTMENTS[human.department].0.to_owned(),
            is_inactive: random.chance(60),
            ..Self::default()
        }
    }

    pub(super) fn push_to(&self, table: &mut Table) -> String {
        let id = person_id(table.len() + 1);
        let status = if self.is_inactive {
            "inactive"
        } else {
            "active"
        };
        table.push(&[
            &id,
            &self.employee_id,
            &self.display,
            &self.given,
            &self.family,
            &self.email,
            &self.phone,
            &self.extension,
            &self.title,
            &self.department,
            &self.location,
            &self.manager,
            status,
        ]);
        id
    }
}

/// A row of the CRM.
#[derive(Debug, Default, Clone)]
pub(super) struct User {
    pub(super) external_id: String,
    pub(super) full: String,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) email: String,
    pub(super) username: String,
    pub(super) phone: String,
    pub(super) title: String,
    pub(super) department: String,
    pub(super) city: String,
    pub(super) manager: String,
    pub(super) is_inactive: bool,
    /// `Standard` when empty.
    pub(super) kind: &'static str,
}

impl User {
    /// What the CRM says of a human besides addresses and ids.
    pub(super) fn of(
        human: &Human,
        written: &Written,
        company: &Company,
        sources: &[NameSource],
        tags: &mut Tags,
        random: &mut Random,
    ) -> Self {
        Self {
            full: written.full.clone(),
            given: written.given.clone(),
            family: written.family.clone(),
            phone: phone_in_crm(human, company, sources, tags, random),
            title: title_in_crm(human, tags, random),
            department: department_in_crm(human, tags, random),
            city: city_in_crm(human, &sources[company.home], tags, random),
            ..Self::default()
        }
    }

    /// Adds what a sandbox adds.
    pub(super) fn decorate_as_sandbox(&mut self, sandbox: &str, tags: &mut Tags) {
        if !self.email.is_empty() {
            self.email.push_str(".invalid");
            tags.add(Tag::EmailSandbox);
        }
        self.username.push('.');
        self.username.push_str(sandbox);
        tags.add(Tag::UsernameSandbox);
    }

    pub(super) fn push_to(&self, table: &mut Table) -> String {
        let id = user_id(table.len() + 1);
        let kind = if self.kind.is_empty() {
            "Standard"
        } else {
            self.kind
        };
        table.push(&[
            &id,
            &self.external_id,
            &self.full,
            &self.given,
            &self.family,
            &self.email,
            &self.username,
            &self.phone,
            &self.title,
            &self.department,
            &self.city,
            &self.manager,
            if self.is_inactive { "false" } else { "true" },
            kind,
        ]);
        id
    }
}

fn phone_in_crm(
    human: &Human,
    company: &Company,
    sources: &[NameSource],
    tags: &mut Tags,
    random: &mut Random,
) -> String {
    let notation = *random.pick(&Notation::ALL);
    let home = &sources[company.home];
    let drawn = random.below(1000);
    let (missing, other, switchboard) = (
        u64::from(shares::PHONE_MISSING),
        u64::from(shares::PHONE_OTHER),
        u64::from(shares::PHONE_SWITCHBOARD),
    );
    if drawn < missing {
        tags.add(Tag::PhoneMissing);
        String::new()
    } else if drawn < missing + other {
        tags.add(Tag::PhoneOther);
        Phone::draw(home, random).write(notation)
    } else if drawn < missing + other + switchboard {
        tags.add(Tag::PhoneSwitchboard);
        let number = Phone::switchboard(company, home).write(notation);
        if random.chance(600) {
            format!("{number} ext. {}", human.extension)
        } else {
            number
        }
    } else {
        tags.add(Tag::PhoneNotation);
        human.phone.write(notation)
    }
}

fn title_in_crm(human: &Human, tags: &mut Tags, random: &mut Random) -> String {
    let drawn = random.below(1000);
    let (missing, other, short) = (
        u64::from(shares::TITLE_MISSING),
        u64::from(shares::TITLE_OTHER),
        u64::from(shares::TITLE_SHORT),
    );
    if drawn < missing {
        String::new()
    } else if drawn < missing + other {
        tags.add(Tag::TitleOther);
        random.pick(TITLES).0.usual.to_owned()
    } else if drawn < missing + other + short {
        tags.add(Tag::TitleShort);
        human.title.short.to_owned()
    } else {
        human.title.usual.to_owned()
    }
}

fn department_in_crm(human: &Human, tags: &mut Tags, random: &mut Random) -> String {
    if random.chance(shares::DEPARTMENT_MISSING) {
        return String::new();
    }
    if random.chance(shares::DEPARTMENT_OTHER) {
        tags.add(Tag::DepartmentOther);
        return if random.chance(700) {
            DEPARTMENTS[human.department].1.to_owned()
        } else {
            random.pick(DEPARTMENTS).0.to_owned()
        };
    }
    DEPARTMENTS[human.department].0.to_owned()
}

fn city_in_crm(human: &Human, home: &NameSource, tags: &mut Tags, random: &mut Random) -> String {
    if random.chance(shares::LOCATION_MISSING) {
        return String::new();
    }
    if random.chance(shares::LOCATION_OTHER) {
        tags.add(Tag::LocationOther);
        return random.pick(&home.cities)[0].clone();
    }
    // English or local, whatever the user who typed it in preferred.
    random.pick(&home.cities[human.city]).clone()
}

/// The manager as each side has them.
pub(super) fn managers(
    company: &Company,
    tags: &mut Tags,
    random: &mut Random,
) -> (String, String) {
    if company.managers.is_empty() {
        return (String::new(), String::new());
    }
    let Manager {
        on_platform,
        in_crm,
    } = random.pick(&company.managers).clone();
    let in_crm = if random.chance(shares::MANAGER_MISSING) {
        String::new()
    } else if random.chance(shares::MANAGER_OTHER) {
        tags.add(Tag::ManagerOther);
        random.pick(&company.managers).in_crm.clone()
    } else {
        in_crm
    };
    (on_platform, in_crm)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{employee_id, user_id};

    #[test]
    fn ids_are_unique() {
        let users: BTreeSet<String> = (0..20_000).map(user_id).collect();
        let employees: BTreeSet<String> = (0..20_000).map(employee_id).collect();
        assert_eq!((users.len(), employees.len()), (20_000, 20_000));
        assert!(users.iter().all(|id| id.len() == 18));
    }
}
