//! Which people stand on a page of the grid.
//!
//! What is asked for may fit nearly everybody or hardly anybody, and nobody knows which before
//! looking. So whoever comes next in order is looked at first, up to a bound: that fills a page
//! when many fit. Only when it does not is an index asked, which then has few to name.

use counterpart_model::{
    OrganizationId, Page, PageRequest, Person, PersonId, Situation, SituationSet, search,
};
use counterpart_store::Result;
use counterpart_store::grid::{GridOrder, GridQuery};
use tokio_postgres::{Client, Row};

use crate::cursor;
use crate::params::{Param, params};
use crate::people::SortKey;
use crate::sql::{self, ReadRow as _, containing};

mod filters;

/// How many people are looked at in order before an index is asked.
const NEAR: i64 = 1_000;
/// The same where each of them means to look at their CRM users.
const NEAR_WITH_USERS: i64 = 100;

/// A question about the grid, in one organization.
struct Asked<'q> {
    organization: OrganizationId,
    query: &'q GridQuery,
    /// Behind which department the page begins, where departments come first.
    department: Option<String>,
    after: Option<SortKey<PersonId>>,
    limit: i64,
}

/// Where people are taken from.
enum From {
    /// Everybody, in order, up to a place if there is one.
    Everybody(Option<SortKey<PersonId>>),
    /// Whoever has the word with this number, by an index; by reading all texts where it is too
    /// short for one.
    Word(usize),
    /// Whoever is in one of the situations asked for.
    Situations,
}

/// The people of a page, in the order that is asked for.
pub(crate) async fn people(
    client: &Client,
    organization: OrganizationId,
    query: &GridQuery,
    page: &PageRequest,
) -> Result<Page<Person>> {
    let (department, key, id) = filters::after(query.order, page)?;
    let asked = Asked {
        organization,
        query,
        department,
        after: key.zip(id),
        limit: cursor::limit(page),
    };
    let rows = asked.people(client).await?;
    filters::page_of(query.order, page, &rows)
}

impl Asked<'_> {
    async fn people(&self, client: &Client) -> Result<Vec<Row>> {
        if self.query.words.is_empty() && self.query.situations.is_empty() {
            return self.list(client, From::Everybody(None)).await;
        }
        // Who is near in the order of names may be far away in that of departments.
        if self.query.order == GridOrder::Department {
            let from = self.by_index(client).await?;
            return self.list(client, from).await;
        }
        let with_users = self
            .query
            .words
            .iter()
            .any(|word| search::is_numbered(word));
        let near = if with_users { NEAR_WITH_USERS } else { NEAR };
        let Some(bound) = self.place_behind(client, near).await? else {
            return self.list(client, From::Everybody(None)).await;
        };
        let found = self.list(client, From::Everybody(Some(bound))).await?;
        if i64::try_from(found.len()).is_ok_and(|found| found == self.limit) {
            return Ok(found);
        }
        let from = self.by_index(client).await?;
        self.list(client, from).await
    }

    /// The index that probably names the fewest.
    async fn by_index(&self, client: &Client) -> Result<From> {
        Ok(match self.rarest_word(client).await? {
            Some(number)
                if !search::is_short(&self.query.words[number])
                    || self.query.situations.is_empty() =>
            {
                From::Word(number)
            }
            _ => From::Situations,
        })
    }

    /// The place of the person behind the next `near`; `None` when there are not so many.
    async fn place_behind(&self, client: &Client, near: i64) -> Result<Option<SortKey<PersonId>>> {
        let (key, id) = self.after.clone().unzip();
        sql::find(
            client,
            "SELECT sort_key, person_id FROM person
             WHERE organization_id = $1 AND ($2::text IS NULL OR (sort_key, person_id) > ($2, $3))
             ORDER BY sort_key, person_id LIMIT 1 OFFSET $4",
            &params![self.organization, key, id, near],
        )
        .await?
        .map(|row| Ok((row.read("sort_key")?, row.read("person_id")?)))
        .transpose()
    }

    /// Of the words that an index knows the number of the one that fewest people seem to have;
    /// another one's where it knows none.
    async fn rarest_word(&self, client: &Client) -> Result<Option<usize>> {
        let words = self.query.words.iter().enumerate();
        let words: Vec<_> = words.filter(|(_, word)| !search::is_short(word)).collect();
        if words.len() < 2 {
            let only = words.first().map(|(number, _)| *number);
            return Ok(only.or((!self.query.words.is_empty()).then_some(0)));
        }
        // Of words that nobody there has the longest is probably the rarest.
        let patterns: Vec<String> = words.iter().map(|(_, word)| containing(word)).collect();
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let row = sql::get(
            client,
            "SELECT pattern.number FROM unnest($2::text[]) WITH ORDINALITY AS pattern (text, number)
             LEFT JOIN (
                SELECT search_text FROM person WHERE organization_id = $1
                ORDER BY sort_key, person_id LIMIT 1000
             ) AS person ON TRUE
             GROUP BY pattern.number, pattern.text
             ORDER BY count(*) FILTER (WHERE person.search_text LIKE pattern.text),
                      length(pattern.text) DESC, pattern.number
             LIMIT 1",
            &params![self.organization, patterns],
        )
        .await?;
        let number: u64 = row.read("number")?;
        let chosen = usize::try_from(number)
            .ok()
            .and_then(|number| words.get(number - 1));
        Ok(chosen.map(|(number, _)| *number))
    }

    /// The people of a page who are taken from somewhere. What is beside them is looked up for each,
    /// and not joined: the server would read all of it for a page.
    ///
    /// `$1` organization, `$2` connection, `$3` situations, `$4` their bits, `$5` and `$6` the
    /// cursor, `$7` and `$8` where to stop, `$9` the limit, `$10` what an index is asked for, then one
    /// pattern per word and what [`filters`] add.
    async fn list(&self, client: &Client, from: From) -> Result<Vec<Row>> {
        let taken_from = self.taken_from(&from);
        let (until, asked_for) = match from {
            From::Everybody(until) => (until, None),
            From::Word(number) => {
                let part = search::telling_part(&self.query.words[number]);
                (None, Some(containing(part)))
            }
            From::Situations => (None, None),
        };
        let (key, id) = self.after.clone().unzip();
        let (until_key, until_id) = until.unzip();
        let wanted = SituationSet::of(&self.query.situations);
        let mut params = Vec::from(params![
            self.organization,
            self.query.connection_id,
            names(&self.query.situations),
            i16::from(wanted.bits()),
            key,
            id,
            until_key,
            until_id,
            self.limit,
            asked_for,
        ]);
        let mut with_words = String::new();
        for (number, word) in self.query.words.iter().enumerate() {
            params.push(Param::new(containing(word)));
            with_words.push_str(&self.with_word(number));
        }
        let narrowed = filters::conditions(self.query, &mut params);
        let order = filters::order(self.query.order, self.department.as_deref(), &mut params);
        let sql = format!(
            "SELECT person.* FROM person
             WHERE person.organization_id = $1 AND {present} {in_situations} {taken_from}
               {with_words} {narrowed}
               AND ($7::text IS NULL OR (person.sort_key, person.person_id) < ($7, $8))
               {order}
             LIMIT $9",
            present = self.present(),
            in_situations = self.in_situations(),
        );
        sql::query(client, &sql, &params).await
    }

    /// Who does not work here has cells only where still mapped.
    fn present(&self) -> &'static str {
        if self.query.connection_id.is_none() {
            "(person.active OR (
                SELECT s.situations FROM standing AS s
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
             ) IS NOT NULL)"
        } else {
            "(person.active OR EXISTS (
                SELECT FROM situation AS s
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
                  AND s.connection_id = $2 OFFSET 0
             ))"
        }
    }

    fn in_situations(&self) -> &'static str {
        if self.query.situations.is_empty() {
            ""
        } else if self.query.connection_id.is_none() {
            "AND (
                SELECT s.situations FROM standing AS s
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
             ) & $4 <> 0"
        } else {
            "AND EXISTS (
                SELECT FROM situation AS s
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
                  AND s.connection_id = $2 AND s.situation = ANY($3) OFFSET 0
             )"
        }
    }

    /// An array keeps the server from joining: it looks up those whom an index named, whatever it
    /// believes about how many there are.
    fn taken_from(&self, from: &From) -> String {
        match from {
            From::Everybody(_) => String::new(),
            From::Situations if self.query.connection_id.is_none() => {
                let wanted = SituationSet::of(&self.query.situations);
                let sets = wanted.all_meeting().map(|set| set.bits().to_string());
                format!(
                    "AND person.person_id = ANY (ARRAY(
                        SELECT s.person_id FROM standing AS s
                        WHERE s.organization_id = $1 AND s.situations IN ({})
                     ))",
                    sets.collect::<Vec<_>>().join(", ")
                )
            }
            From::Situations => "AND person.person_id = ANY (ARRAY(
                    SELECT s.person_id FROM situation AS s
                    WHERE s.organization_id = $1 AND s.situation = ANY($3)
                      AND s.connection_id = $2
                 ))"
            .to_owned(),
            From::Word(number) => self.found_by(*number),
        }
    }

    /// Whoever may have a word, by the search indexes.
    fn found_by(&self, number: usize) -> String {
        let users = "UNION ALL
             SELECT s.person_id FROM crm_user AS u
             JOIN situation AS s USING (organization_id, connection_id, crm_user_id)
             WHERE u.organization_id = $1 AND u.search_text LIKE $10
               AND ($2::uuid IS NULL OR s.connection_id = $2)";
        let numbered = search::is_numbered(&self.query.words[number]);
        format!(
            "AND person.person_id = ANY (ARRAY(
                SELECT p.person_id FROM person AS p
                WHERE p.organization_id = $1 AND p.search_text LIKE $10
                UNION ALL
                SELECT s.person_id FROM standing AS s
                WHERE s.organization_id = $1 AND s.shown_text LIKE $10
                {}
             ))",
            if numbered { users } else { "" }
        )
    }

    /// The word must occur in what is the person's own, or in what the cells show.
    fn with_word(&self, number: usize) -> String {
        let pattern = pattern(number);
        let focused = self.query.connection_id.is_some();
        let numbered = search::is_numbered(&self.query.words[number]);
        let shown = format!(
            "(
                SELECT s.shown_text FROM standing AS s
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
             ) LIKE {pattern}"
        );
        let in_cells = format!(
            "EXISTS (
                SELECT FROM situation AS s
                JOIN crm_user AS u USING (organization_id, connection_id, crm_user_id)
                WHERE s.organization_id = $1 AND s.person_id = person.person_id
                  AND ($2::uuid IS NULL OR s.connection_id = $2)
                  AND u.search_text LIKE {pattern} OFFSET 0
             )"
        );
        let elsewhere = match (focused, numbered) {
            (false, false) => shown,
            (false, true) => format!("{shown} OR {in_cells}"),
            // Which connection has it does not stand in what all of them add.
            (true, false) => format!("{shown} AND {in_cells}"),
            (true, true) => in_cells,
        };
        format!(" AND (person.search_text LIKE {pattern} OR {elsewhere})")
    }
}

/// The parameter with a word's pattern.
fn pattern(number: usize) -> String {
    format!("${}", number + 11)
}

fn names(situations: &[Situation]) -> Vec<&'static str> {
    situations.iter().map(|s| s.as_str()).collect()
}
