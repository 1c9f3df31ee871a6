//! Which people stand on a page of the grid.
//!
//! What is asked for may fit nearly everybody or hardly anybody, and nobody knows which before
//! looking. So whoever comes next in order is looked at first, up to a bound: that fills a page
//! when many fit. Only when it does not is an index asked, which then has few to name.

use counterpart_model::{
    OrganizationId, Page, PageRequest, Person, Situation, SituationSet, search,
};
use counterpart_store::grid::{GridOrder, GridQuery};
use rusqlite::Connection;
use uuid::Uuid;

use crate::fault::Result;
use crate::query::{Query, after, first, indexed, key, limit, page};
use crate::rows;

mod filters;

/// How many people are looked at in order before an index is asked.
const NEAR: i64 = 5_000;
/// The same where each of them means to look at how they stand.
const NEAR_WITH_STANDING: i64 = 1_000;
/// The same where each of them means to look at their CRM users.
const NEAR_WITH_USERS: i64 = 100;
/// How many people are looked at to see which of several words is rare.
const SAMPLE: i64 = 1_000;

/// The cells of a person, narrowed by what follows.
const CELLS: &str = "SELECT 1 FROM situation \
    WHERE situation.organization_id = person.organization_id \
    AND situation.person_id = person.person_id";

/// A place in the order of people: sort key and id.
type Place = (String, Uuid);
/// A place where departments come first.
type DepartmentPlace = (String, String, Uuid);

/// A question about the grid, in one organization.
struct Asked<'q> {
    organization: OrganizationId,
    query: &'q GridQuery,
    after: After,
    limit: i64,
}

/// Behind whom a page begins.
enum After {
    Nobody,
    Person(Place),
    InDepartment(DepartmentPlace),
}

/// Where people are taken from.
enum From<'q> {
    /// Everybody, in order, up to a place if there is one.
    Everybody(Option<Place>),
    /// Whoever an index knows for a word.
    Word(&'q str),
    /// Whoever is in one of the situations asked for.
    Situations,
}

/// The people of a page, in the order that is asked for.
pub(crate) fn people(
    db: &Connection,
    organization: OrganizationId,
    query: &GridQuery,
    request: &PageRequest,
) -> Result<Page<Person>> {
    let after = match query.order {
        GridOrder::Name => after(request)?.map(After::Person),
        GridOrder::Department => after(request)?.map(After::InDepartment),
    };
    let asked = Asked {
        organization,
        query,
        after: after.unwrap_or(After::Nobody),
        limit: limit(request),
    };
    let people = asked.people(db)?;
    let place = |person: &Person| (person.sort_key(), Uuid::from(person.id));
    match query.order {
        GridOrder::Name => page(request, people, place),
        GridOrder::Department => page(request, people, |person: &Person| {
            let (sort_key, id) = place(person);
            (person.department_key(), sort_key, id)
        }),
    }
}

impl Asked<'_> {
    fn people(&self, db: &Connection) -> Result<Vec<Person>> {
        if self.query.words.is_empty() && self.query.situations.is_empty() {
            return self.list(db, &From::Everybody(None));
        }
        // Who is near in the order of names may be far away in that of departments.
        if self.query.order == GridOrder::Department {
            return self.list(db, &self.by_index(db)?);
        }
        let words = &self.query.words;
        let near = if words.iter().any(|word| search::is_numbered(word)) {
            NEAR_WITH_USERS
        } else if self.query.situations.is_empty() {
            NEAR
        } else {
            NEAR_WITH_STANDING
        };
        let Some(bound) = self.place_behind(db, near)? else {
            return self.list(db, &From::Everybody(None));
        };
        let found = self.list(db, &From::Everybody(Some(bound)))?;
        if i64::try_from(found.len()).is_ok_and(|found| found == self.limit) {
            return Ok(found);
        }
        self.list(db, &self.by_index(db)?)
    }

    /// The index that probably names the fewest.
    fn by_index(&self, db: &Connection) -> Result<From<'_>> {
        Ok(match self.rarest_word(db)? {
            Some(word) => From::Word(word),
            None if self.query.situations.is_empty() => From::Everybody(None),
            None => From::Situations,
        })
    }

    /// The place of the person behind the next `near`; `None` when there are not so many.
    fn place_behind(&self, db: &Connection, near: i64) -> Result<Option<Place>> {
        let mut query = Query::new("SELECT sort_key, person_id FROM person");
        query.with("WHERE organization_id = ?", key(self.organization).to_vec());
        self.behind_cursor(&mut query);
        query.with("ORDER BY sort_key, person_id LIMIT 1 OFFSET ?", near);
        let found = query.all(db, |row| Ok((row.get(0)?, rows::id(row, 1)?)))?;
        Ok(found.into_iter().next())
    }

    /// Of the words that an index knows the one that the fewest of the first people have.
    fn rarest_word(&self, db: &Connection) -> Result<Option<&str>> {
        let words = self.query.words.iter().map(String::as_str);
        let known: Vec<&str> = words.filter(|word| indexed(word).is_some()).collect();
        if known.len() < 2 {
            return Ok(known.first().copied());
        }
        let sql = "SELECT coalesce(sum(instr(search_text, ?1) > 0), 0) FROM ( \
            SELECT search_text FROM person WHERE organization_id = ?2 \
            ORDER BY sort_key, person_id LIMIT ?3)";
        let mut rarest = None;
        for word in known {
            let values = rusqlite::params![word, key(self.organization), SAMPLE];
            let having = first(db, sql, values, |row| rows::count(row, 0))?.unwrap_or(0);
            // Of words that nobody there has the longest is probably the rarest.
            let rank = (having, usize::MAX - word.len());
            if rarest.is_none_or(|(least, _)| rank < least) {
                rarest = Some((rank, word));
            }
        }
        Ok(rarest.map(|(_, word)| word))
    }

    fn list(&self, db: &Connection, from: &From<'_>) -> Result<Vec<Person>> {
        let mut query = Query::new("SELECT");
        query.text(rows::PERSON);
        query.text("FROM person LEFT JOIN standing USING (organization_id, person_id)");
        query.with(
            "WHERE person.organization_id = ?",
            key(self.organization).to_vec(),
        );
        self.taken_from(&mut query, from);
        // Who does not work here has cells only where still mapped.
        if self.query.connection_id.is_none() {
            query.text("AND (person.active OR standing.person_id IS NOT NULL)");
        } else {
            query.text("AND (person.active OR EXISTS (").text(CELLS);
            self.in_connection(&mut query);
            query.text("))");
        }
        self.in_situations(&mut query);
        filters::add(&mut query, self.query);
        for word in &self.query.words {
            self.with_word(&mut query, word);
        }
        self.behind_cursor(&mut query);
        query.text(match self.query.order {
            GridOrder::Name => "ORDER BY person.sort_key, person.person_id",
            GridOrder::Department => {
                "ORDER BY person.department_key, person.sort_key, person.person_id"
            }
        });
        query.with("LIMIT ?", self.limit);
        query.all(db, rows::person)
    }

    fn behind_cursor(&self, query: &mut Query) {
        match &self.after {
            After::Nobody => {}
            After::Person((sort_key, id)) => {
                query.with(
                    "AND (person.sort_key, person.person_id) > (?, ?)",
                    sort_key.clone(),
                );
                query.bind(key(*id).to_vec());
            }
            After::InDepartment((department, sort_key, id)) => {
                query.with(
                    "AND (person.department_key, person.sort_key, person.person_id) > (?, ?, ?)",
                    department.clone(),
                );
                query.bind(sort_key.clone()).bind(key(*id).to_vec());
            }
        }
    }

    fn in_connection(&self, query: &mut Query) {
        if let Some(connection) = self.query.connection_id {
            query.with("AND situation.connection_id = ?", key(connection).to_vec());
        }
    }

    fn taken_from(&self, query: &mut Query, from: &From<'_>) {
        match from {
            From::Everybody(None) => {}
            From::Everybody(Some((sort_key, id))) => {
                query.with(
                    "AND (person.sort_key, person.person_id) < (?, ?)",
                    sort_key.clone(),
                );
                query.bind(key(*id).to_vec());
            }
            From::Word(word) => self.found_by(query, word),
            From::Situations => match self.query.connection_id {
                None => {
                    let wanted = SituationSet::of(&self.query.situations);
                    let sets: Vec<String> = wanted
                        .all_meeting()
                        .map(|set| set.bits().to_string())
                        .collect();
                    query.with(
                        "AND person.person_id IN (SELECT person_id FROM standing \
                         WHERE organization_id = ?",
                        key(self.organization).to_vec(),
                    );
                    query.with(
                        "AND situations IN (SELECT value FROM json_each(?)))",
                        format!("[{}]", sets.join(",")),
                    );
                }
                Some(connection) => {
                    query.with(
                        "AND person.person_id IN (SELECT person_id FROM situation \
                         WHERE organization_id = ?",
                        key(self.organization).to_vec(),
                    );
                    one_of(query, &self.query.situations);
                    query.with("AND connection_id = ?)", key(connection).to_vec());
                }
            },
        }
    }

    /// Whoever may have a word, by the search indexes.
    fn found_by(&self, query: &mut Query, word: &str) {
        let phrase = indexed(search::telling_part(word)).unwrap_or_default();
        query.with(
            "AND person.search_id IN (\
             SELECT rowid FROM person_search WHERE person_search MATCH ?",
            phrase.clone(),
        );
        query.with(
            "UNION SELECT rowid FROM shown_search WHERE shown_search MATCH ?",
            phrase.clone(),
        );
        if search::is_numbered(word) {
            query.with(
                "UNION SELECT p.search_id FROM crm_user \
                 JOIN situation USING (organization_id, connection_id, crm_user_id) \
                 JOIN person AS p USING (organization_id, person_id) \
                 WHERE crm_user.search_id IN \
                 (SELECT rowid FROM crm_user_search WHERE crm_user_search MATCH ?)",
                phrase,
            );
            query.with(
                "AND crm_user.organization_id = ?",
                key(self.organization).to_vec(),
            );
            self.in_connection(query);
        }
        query.text(")");
    }

    fn in_situations(&self, query: &mut Query) {
        let wanted = &self.query.situations;
        if wanted.is_empty() {
            return;
        }
        if self.query.connection_id.is_none() {
            query.with(
                "AND (standing.situations & ?) <> 0",
                i64::from(SituationSet::of(wanted).bits()),
            );
        } else {
            query.text("AND EXISTS (").text(CELLS);
            self.in_connection(query);
            one_of(query, wanted);
            query.text(")");
        }
    }

    /// The word must occur in what is the person's own, or in what the cells show.
    fn with_word(&self, query: &mut Query, word: &str) {
        query.with("AND (instr(person.search_text, ?) > 0", word.to_owned());
        let connection = self.query.connection_id;
        let numbered = search::is_numbered(word);
        if connection.is_none() || !numbered {
            query.with("OR instr(person.shown_text, ?) > 0", word.to_owned());
        }
        if connection.is_some() || numbered {
            // Which connection has it does not stand in what all of them add.
            query.text(if numbered { "OR" } else { "AND" });
            query.text(
                "EXISTS (SELECT 1 FROM situation \
                 JOIN crm_user USING (organization_id, connection_id, crm_user_id) \
                 WHERE situation.organization_id = person.organization_id \
                 AND situation.person_id = person.person_id",
            );
            self.in_connection(query);
            query.with("AND instr(crm_user.search_text, ?) > 0)", word.to_owned());
        }
        query.text(")");
    }
}

fn one_of(query: &mut Query, situations: &[Situation]) {
    query.text("AND situation.situation IN (SELECT value FROM json_each(?))");
    let names: Vec<_> = situations
        .iter()
        .map(|situation| situation.as_str())
        .collect();
    // Names of situations need no escaping.
    query.bind(format!("[\"{}\"]", names.join("\",\"")));
}
