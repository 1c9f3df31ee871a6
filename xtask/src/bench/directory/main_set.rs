//! The usual directory: many companies, most of whose people are on both sides.

use super::{
    Directory, Side,
    addresses::Addresses,
    company::{Company, Manager},
    human::Human,
    letters::address_letters,
    names::NameSource,
    random::{Random, Zipf},
    rows::{Person, User, employee_id, managers},
    shares,
    tags::{Tag, Tags},
    written::{Written, write_names},
};

/// What one row of the platform is.
#[derive(Debug, Clone, Copy)]
enum Row {
    Pair,
    PlatformOnly,
    SharedMailbox,
    Nobody,
}

const ROWS: &[(Row, u32)] = &[
    (
        Row::Pair,
        1000 - shares::PLATFORM_ONLY - shares::SHARED_MAILBOX - shares::NOBODY,
    ),
    (Row::PlatformOnly, shares::PLATFORM_ONLY),
    (Row::SharedMailbox, shares::SHARED_MAILBOX),
    (Row::Nobody, shares::NOBODY),
];

/// Addresses that several people read.
const MAILBOXES: &[&str] = &[
    "support",
    "sales",
    "info",
    "billing",
    "orders",
    "helpdesk",
    "claims",
    "reception",
    "returns",
    "noreply",
];

/// Users that are programs.
const API_USERS: &[&str] = &[
    "Integration User",
    "Data Loader",
    "API Service Account",
    "Marketing Automation",
    "ERP Sync",
    "Automated Process",
    "Telephony Connector",
];

/// Platform rows that are nobody: with the local part of their address.
const NOBODIES: &[(&str, &str)] = &[
    ("Chat Bot", "chatbot"),
    ("Test Agent", "test.agent"),
    ("Vacant Position", "vacant"),
    ("Voicemail", "voicemail"),
    ("Training User", "training"),
];

/// The counterpart, a successor in its seat and a duplicate.
const MOST_USERS_PER_PAIR: usize = 3;

struct Generator {
    random: Random,
    sources: Vec<NameSource>,
    companies: Vec<Company>,
    sizes: Zipf,
    addresses: Addresses,
    directory: Directory,
    employee_ids: usize,
}

/// `rows` rows on each side, at least 20.
pub(super) fn generate(rows: usize, seed: u64) -> Directory {
    let mut random = Random::new(seed);
    let sources = NameSource::all();
    let companies = Company::draw_all(3 + rows / 2500, &sources, &mut random);
    let mut generator = Generator {
        sizes: Zipf::new(companies.len()),
        random,
        sources,
        companies,
        addresses: Addresses::default(),
        directory: Directory::new(),
        employee_ids: 0,
    };
    while generator.directory.people.len() < rows {
        generator.add_row(rows);
    }
    while generator.directory.users.len() < rows {
        generator.add_user_only();
    }
    let Generator {
        mut random,
        mut directory,
        ..
    } = generator;
    directory.shuffle(&mut random);
    directory
}

impl Generator {
    fn add_row(&mut self, rows: usize) {
        // Rows in the CRM that are nobody's counterpart must not crowd out the counterparts.
        let has_room = self.directory.users.len() + MOST_USERS_PER_PAIR <= rows;
        match self.random.weighted(ROWS) {
            Row::Pair if has_room => self.add_pair(),
            Row::SharedMailbox => self.add_shared_mailbox(has_room),
            Row::Nobody => self.add_nobody(),
            Row::Pair | Row::PlatformOnly => {
                let human = self.draw_human();
                let person = self.person_only(&human);
                let id = person.push_to(&mut self.directory.people);
                self.directory
                    .add_distractor(Side::Platform, &id, "platform_only", "");
            }
        }
    }

    fn draw_human(&mut self) -> Human {
        let company = self.sizes.draw(&mut self.random);
        Human::draw(company, &self.companies, &self.sources, &mut self.random)
    }

    fn location(&self, human: &Human) -> String {
        let home = self.companies[human.company].home;
        self.sources[home].cities[human.city][0].clone()
    }

    fn person_only(&mut self, human: &Human) -> Person {
        let company = &self.companies[human.company];
        let mut person = Person::of(human, &Written::plain(human), &mut self.random);
        person.email = self.addresses.at_work(human, company);
        person.location = self.location(human);
        (person.manager, _) = managers(company, &mut Tags::default(), &mut self.random);
        if company.has_employee_ids && self.random.chance(shares::HAS_ID) {
            self.employee_ids += 1;
            person.employee_id = employee_id(self.employee_ids);
        }
        person
    }

    fn add_pair(&mut self) {
        let human = self.draw_human();
        let mut tags = Tags::default();
        let (on_platform, in_crm) = write_names(&human, &self.sources, &mut tags, &mut self.random);
        let mut person = Person::of(&human, &on_platform, &mut self.random);
        let company = &self.companies[human.company];
        let mut user = User::of(
            &human,
            &in_crm,
            company,
            &self.sources,
            &mut tags,
            &mut self.random,
        );
        if self.random.chance(shares::CONTRACTOR) {
            tags.add(Tag::Contractor);
            let partner = self.random.pick(&self.companies);
            person.email = self.addresses.at_partner(&human, partner);
            if self.random.chance(450) {
                let mark = self
                    .random
                    .pick(&[" (ext.)", " (External)", " - Contractor"]);
                person.display.push_str(mark);
            }
        } else {
            person.email = self.addresses.at_work(&human, company);
        }
        user.email =
            self.addresses
                .in_crm(&human, &person.email, company, &mut tags, &mut self.random);
        user.username = self
            .addresses
            .username(&human, &user.email, company, &mut self.random);
        person.location = self.location(&human);
        (person.manager, user.manager) = managers(company, &mut tags, &mut self.random);
        self.give_employee_id(human.company, &mut person, &mut user, &mut tags);
        if self.random.chance(shares::INACTIVE) {
            user.is_inactive = true;
            tags.add(Tag::Inactive);
        }
        let sandbox = self.companies[human.company].sandbox;
        if let Some(sandbox) = sandbox {
            user.decorate_as_sandbox(sandbox, &mut tags);
        }
        if human.title.leads {
            let manager = Manager {
                on_platform: on_platform.full,
                in_crm: in_crm.full,
            };
            self.companies[human.company].promote(manager, &mut self.random);
        }
        self.push_pair(&human, &person, &mut user, tags);
    }

    /// Adds the two rows, and what can be taken for one of them.
    fn push_pair(&mut self, human: &Human, person: &Person, user: &mut User, mut tags: Tags) {
        let person_id = person.push_to(&mut self.directory.people);
        let is_reused =
            !person.employee_id.is_empty() && self.random.chance(2 * shares::REUSED_SEAT);
        if is_reused {
            user.external_id.clear();
            tags.clear(Tag::IdSame);
            tags.clear(Tag::IdNotation);
            self.add_successor(human.company, person, &person_id);
            if self.random.chance(500) {
                self.directory
                    .add_distractor(Side::Platform, &person_id, "reused_seat", "");
                return;
            }
            tags.add(Tag::ReusedSeat);
        }
        if !user.is_inactive && self.random.chance(shares::DUPLICATE) {
            tags.add(Tag::Duplicate);
            self.add_duplicate(human, &person_id);
        }
        let user_id = user.push_to(&mut self.directory.users);
        self.directory.add_pair(&person_id, &user_id, tags);
    }

    fn give_employee_id(
        &mut self,
        company: usize,
        person: &mut Person,
        user: &mut User,
        tags: &mut Tags,
    ) {
        let company = &self.companies[company];
        if !company.has_employee_ids || !self.random.chance(shares::HAS_ID) {
            return;
        }
        self.employee_ids += 1;
        person.employee_id = employee_id(self.employee_ids);
        if !self.random.chance(shares::ID_IN_CRM) {
            return;
        }
        if company.strips_ids {
            user.external_id = as_number(&person.employee_id);
            tags.add(Tag::IdNotation);
        } else {
            user.external_id.clone_from(&person.employee_id);
            tags.add(Tag::IdSame);
        }
    }

    /// Somebody else who has the person's employee id in the CRM: whoever sat there before or
    /// after. Some administrators rename the old user and leave its username.
    fn add_successor(&mut self, company: usize, person: &Person, person_id: &str) {
        let other = Human::draw(company, &self.companies, &self.sources, &mut self.random);
        let mut user = self.user_only(&other);
        user.external_id.clone_from(&person.employee_id);
        if self.random.chance(300) {
            user.username = person.email.to_lowercase();
        }
        self.directory
            .add_lone_user(&user, "reused_seat", person_id);
    }

    /// An older, deactivated record of the same human.
    fn add_duplicate(&mut self, human: &Human, person_id: &str) {
        let mut tags = Tags::default();
        let (_, written) = write_names(human, &self.sources, &mut tags, &mut self.random);
        let mut user = self.user_of(human, &written);
        let company = &self.companies[human.company];
        let domain = company
            .former_domain
            .clone()
            .unwrap_or_else(|| format!("old.{}", company.domain));
        let (given, family) = (human.given.usual(), human.family.usual());
        let local = format!("{}.{}", address_letters(given), address_letters(family));
        user.email = self.addresses.issue(&local, &domain);
        user.username.clone_from(&user.email);
        user.is_inactive = true;
        if let Some(sandbox) = company.sandbox {
            user.decorate_as_sandbox(sandbox, &mut tags);
        }
        self.directory.add_lone_user(&user, "duplicate", person_id);
    }

    fn user_of(&mut self, human: &Human, written: &Written) -> User {
        let company = &self.companies[human.company];
        User::of(
            human,
            written,
            company,
            &self.sources,
            &mut Tags::default(),
            &mut self.random,
        )
    }

    /// The row of somebody whom only the CRM has.
    fn user_only(&mut self, human: &Human) -> User {
        let (_, written) =
            write_names(human, &self.sources, &mut Tags::default(), &mut self.random);
        let mut user = self.user_of(human, &written);
        let company = &self.companies[human.company];
        user.email = self.addresses.at_work(human, company);
        user.username = self
            .addresses
            .username(human, &user.email, company, &mut self.random);
        (_, user.manager) = managers(company, &mut Tags::default(), &mut self.random);
        if let Some(sandbox) = company.sandbox {
            user.decorate_as_sandbox(sandbox, &mut Tags::default());
        }
        user
    }

    /// Fills up the CRM: leavers, people who do not phone, programs.
    fn add_user_only(&mut self) {
        let human = self.draw_human();
        if self.random.chance(shares::API_USER) {
            let name = *self.random.pick(API_USERS);
            let domain = &self.companies[human.company].domain;
            let local = address_letters(name);
            let (given, family) = name.split_once(' ').unwrap_or((name, ""));
            let email = self.addresses.issue(&local, domain);
            let user = User {
                full: name.to_owned(),
                given: given.to_owned(),
                family: family.to_owned(),
                username: email.clone(),
                email,
                kind: "Integration",
                ..User::default()
            };
            self.directory.add_lone_user(&user, "api_user", "");
            return;
        }
        let mut user = self.user_only(&human);
        let reason = if self.random.chance(400) {
            user.is_inactive = true;
            "leaver"
        } else {
            if self.random.chance(120) {
                user.kind = "Partner";
            }
            "crm_only"
        };
        self.directory.add_lone_user(&user, reason, "");
    }

    fn add_shared_mailbox(&mut self, has_room: bool) {
        let company = &self.companies[self.sizes.draw(&mut self.random)];
        let mailbox = *self.random.pick(MAILBOXES);
        let email = self.addresses.issue(mailbox, &company.domain);
        let mut name = mailbox.to_owned();
        name[..1].make_ascii_uppercase();
        let person = Person {
            display: format!("{name} Team"),
            given: name.clone(),
            family: "Team".to_owned(),
            email: email.clone(),
            ..Person::default()
        };
        let id = person.push_to(&mut self.directory.people);
        self.directory
            .add_distractor(Side::Platform, &id, "shared_mailbox", "");
        if has_room && self.random.chance(shares::MAILBOX_IN_CRM) {
            // The CRM's queue often has an address of its own.
            let email = if self.random.chance(shares::MAILBOX_SAME) {
                email
            } else {
                self.addresses.issue(mailbox, &company.domain)
            };
            let user = User {
                full: format!("{name} Queue"),
                given: name,
                family: "Queue".to_owned(),
                username: email.clone(),
                email,
                kind: "Queue",
                ..User::default()
            };
            self.directory.add_lone_user(&user, "shared_mailbox", &id);
        }
    }

    fn add_nobody(&mut self) {
        let company = &self.companies[self.sizes.draw(&mut self.random)];
        let (name, local) = *self.random.pick(NOBODIES);
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        let person = Person {
            display: name.to_owned(),
            given: given.to_owned(),
            family: family.to_owned(),
            email: self.addresses.issue(local, &company.domain),
            extension: self.random.digits(4),
            ..Person::default()
        };
        let id = person.push_to(&mut self.directory.people);
        self.directory
            .add_distractor(Side::Platform, &id, "nobody", "");
    }
}

/// An employee id as a system that takes it for a number has it.
fn as_number(employee_id: &str) -> String {
    let digits = employee_id.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let number = digits.trim_start_matches('0');
    if number.is_empty() { "0" } else { number }.to_owned()
}

#[cfg(test)]
#[path = "main_set_tests.rs"]
mod tests;
