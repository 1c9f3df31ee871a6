//! Groups of near namesakes: Michael, Mike, Michelle and M. Turner, all in one company.
//!
//! Taken alone, a pair of theirs is ambiguous. Every true pair keeps at least one thing that tells
//! it apart (an address, a number, an employee id, or a given name that nobody else of the group
//! has), so that whoever looks at the whole group can tell who is who.

use super::{
    Directory, Side,
    addresses::Addresses,
    company::Company,
    human::{Human, Notation},
    names::{Name, NameSource},
    pools::{Culture, POOLS},
    random::Random,
    rows::{Person, User, employee_id},
    tags::{Tag, Tags},
    written::Written,
};

/// Given names that share an initial or a short form.
const GROUPS: &[&str] = &[
    "Michael Mike Michelle Mitchell Micah Mia Miles Miriam",
    "Daniel Dan Danielle Dana Dennis Diana David Dave",
    "Thomas Tom Tommy Theodore Theresa Tessa Toby Tara",
    "Christopher Chris Christine Christian Christina Crystal Carl Carla",
    "Patrick Pat Patricia Paul Paula Peter Pete Petra",
    "Alexander Alex Alexandra Alexis Alan Alice Andrew Andy",
    "Samuel Sam Samantha Sandra Sean Simon Simone Stella",
    "Joseph Joe Joanna Joan John Jonathan Jon Josephine",
    "Robert Rob Roberta Robin Roger Rose Ronald Ruth",
    "Katherine Kate Kathleen Karen Karl Kenneth Kevin Kim",
];

/// Members without a counterpart, on each side, in permille.
const ALONE: u32 = 120;

struct Generator {
    random: Random,
    sources: Vec<NameSource>,
    companies: Vec<Company>,
    addresses: Addresses,
    directory: Directory,
    employee_ids: usize,
}

/// `groups` groups of two to six, at least one group.
pub(super) fn generate(groups: usize, seed: u64) -> Directory {
    let mut random = Random::new(seed);
    let sources = NameSource::all();
    let companies = Company::draw_all(2 + groups / 12, &sources, &mut random);
    let mut generator = Generator {
        random,
        sources,
        companies,
        addresses: Addresses::default(),
        directory: Directory::new(),
        employee_ids: 0,
    };
    for _ in 0..groups {
        generator.add_group();
    }
    let Generator {
        mut random,
        mut directory,
        ..
    } = generator;
    directory.shuffle(&mut random);
    directory
}

/// How a member's two records differ.
#[derive(Debug, Clone, Copy)]
struct Difference {
    email: Tag,
    has_phone: bool,
    has_id: bool,
    is_initial: bool,
}

impl Difference {
    fn draw(random: &mut Random) -> Self {
        loop {
            let difference = Self {
                email: random.weighted(&[
                    (Tag::EmailSame, 380),
                    (Tag::EmailCase, 80),
                    (Tag::EmailDomain, 90),
                    (Tag::EmailPattern, 230),
                    (Tag::EmailMissing, 220),
                ]),
                has_phone: random.chance(550),
                has_id: random.chance(150),
                is_initial: random.chance(350),
            };
            if difference.can_be_told_apart() {
                return difference;
            }
        }
    }

    fn can_be_told_apart(self) -> bool {
        let address_tells = !matches!(self.email, Tag::EmailPattern | Tag::EmailMissing);
        address_tells || self.has_phone || self.has_id || !self.is_initial
    }
}

impl Generator {
    fn add_group(&mut self) {
        let company = self.random.index(self.companies.len());
        let english = POOLS
            .iter()
            .position(|pool| pool.culture == Culture::English)
            .expect("English is one of the cultures");
        // Any culture's family name, in the plain letters that most systems hold.
        let source = if self.random.chance(600) {
            english
        } else {
            self.random.index(self.sources.len())
        };
        let family = self.sources[source].draw_family(false, &mut self.random);
        let mut given: Vec<&str> = self.random.pick(GROUPS).split(' ').collect();
        self.random.shuffle(&mut given);
        given.truncate(2 + self.random.index(5));
        let department = self.random.below(10);
        for name in given {
            let mut human = Human::draw(company, &self.companies, &self.sources, &mut self.random);
            human.culture = self.sources[source].pool.culture;
            human.given = Name::plain(name);
            human.family = Name::plain(family.usual());
            human.second_family = None;
            if self.random.chance(500) {
                human.department = usize::try_from(department).expect("is below 10");
            }
            self.add_member(&human);
        }
    }

    fn add_member(&mut self, human: &Human) {
        let company = &self.companies[human.company];
        let written = Written::plain(human);
        let mut person = Person::of(human, &written, &mut self.random);
        person.is_inactive = false;
        person.phone = human.phone.write(Notation::E164);
        person.email = self.addresses.at_work(human, company);
        person.location = self.sources[company.home].cities[human.city][0].clone();
        self.employee_ids += 1;
        person.employee_id = employee_id(self.employee_ids);
        let alone = self.random.below(1000);
        if alone < u64::from(ALONE) {
            let id = person.push_to(&mut self.directory.people);
            self.directory
                .add_distractor(Side::Platform, &id, "namesake", "");
            return;
        }
        let mut tags = Tags::default();
        tags.add(Tag::Namesake);
        let user = self.counterpart(human, &person, &mut tags);
        if alone < 2 * u64::from(ALONE) {
            self.directory.add_lone_user(&user, "namesake", "");
            return;
        }
        let person_id = person.push_to(&mut self.directory.people);
        let user_id = user.push_to(&mut self.directory.users);
        self.directory.add_pair(&person_id, &user_id, tags);
    }

    fn counterpart(&mut self, human: &Human, person: &Person, tags: &mut Tags) -> User {
        let company = &self.companies[human.company];
        let difference = Difference::draw(&mut self.random);
        let mut user = User::of(
            human,
            &Written::plain(human),
            company,
            &self.sources,
            &mut Tags::default(),
            &mut self.random,
        );
        if difference.is_initial {
            let initial = human.given.usual().chars().next().unwrap_or('X');
            user.given = format!("{initial}.");
            user.full = format!("{initial}. {}", user.family);
            tags.add(Tag::Initial);
        }
        tags.add(difference.email);
        let (local, domain) = person.email.split_once('@').unwrap_or_default();
        user.email = match difference.email {
            Tag::EmailCase => person.email.to_uppercase(),
            Tag::EmailDomain => self
                .addresses
                .issue(local, &format!("legacy.{}", company.domain)),
            Tag::EmailPattern => {
                self.addresses
                    .in_other_pattern(human, company.pattern, domain, &mut self.random)
            }
            Tag::EmailMissing => String::new(),
            _ => person.email.clone(),
        };
        user.username = if user.email.is_empty() {
            format!("u{}", self.random.digits(6))
        } else {
            user.email.to_lowercase()
        };
        user.phone = if difference.has_phone {
            tags.add(Tag::PhoneNotation);
            human.phone.write(*self.random.pick(&Notation::ALL))
        } else {
            tags.add(Tag::PhoneMissing);
            String::new()
        };
        if difference.has_id {
            user.external_id.clone_from(&person.employee_id);
            tags.add(Tag::IdSame);
        }
        user
    }
}

#[cfg(test)]
mod tests {
    use super::generate;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let text = |seed| {
            let directory = generate(30, seed);
            directory.people.to_text() + &directory.users.to_text() + &directory.truth.to_text()
        };
        assert_eq!(text(4), text(4));
        assert_ne!(text(4), text(5));
    }

    #[test]
    fn about_one_in_eight_of_each_side_is_alone() {
        let directory = generate(400, 1);
        for side in [&directory.people, &directory.users] {
            let share = directory.truth.len() * 100 / side.len();
            assert!(
                (82..90).contains(&share),
                "{share} of 100 have a counterpart"
            );
        }
    }
}
