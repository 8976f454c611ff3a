//! Grades of customers: the company's own list, the best first. A grade is its name; what it weighs is its place in the list.

use api::{Access, Answer, Caller, Checks, IfMatch, Json, Kit, Routes, axum, ok, routes};
use axum::extract::State;
use base::{Problem, problem, problem::Code};
use db::{Permission, Query, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{GRADE_IN_USE, sql};

/// Most grades a company has, and letters of one.
const MOST: usize = 9;
const LETTERS: usize = 8;
const USUAL: [&str; 3] = ["A", "B", "C"];

/// The list, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grades(Vec<String>);

impl Default for Grades {
    fn default() -> Grades {
        Grades(USUAL.map(str::to_owned).to_vec())
    }
}

impl Grades {
    /// Place in the list, 0 the best; `None` for a customer without a grade, or with one that is no longer in it.
    pub fn rank(&self, grade: Option<&str>) -> Option<usize> {
        self.0.iter().position(|g| Some(g.as_str()) == grade)
    }

    /// Their names, the best first.
    pub fn names(self) -> Vec<String> {
        self.0
    }

    /// Is it one of them?
    pub fn has(&self, grade: &str) -> bool {
        self.rank(Some(grade)).is_some()
    }

    /// The grade somebody means who writes it in small or large letters.
    pub fn meant(&self, text: &str) -> Option<&str> {
        self.0.iter().map(String::as_str).find(|g| g.to_lowercase() == text.trim().to_lowercase())
    }

    /// Names without blanks around them, or what is wrong with them.
    fn tidy(names: &[String]) -> std::result::Result<Grades, Vec<(String, &'static Code)>> {
        let names: Vec<String> = names.iter().map(|n| n.trim().to_owned()).collect();
        let mut faults = vec![];
        if !(1..=MOST).contains(&names.len()) {
            faults.push(("items".to_owned(), problem::BAD_VALUE));
        }
        for (k, name) in names.iter().enumerate() {
            // Lists of grades travel as text with commas and are shown with strokes between.
            let sound = (1..=LETTERS).contains(&name.chars().count())
                && !name.contains([',', '，', '/', '"', '%', '_']);
            if !sound {
                faults.push((format!("items[{k}]"), problem::BAD_VALUE));
            } else if names[..k].iter().any(|before| before.to_lowercase() == name.to_lowercase()) {
                faults.push((format!("items[{k}]"), problem::DUPLICATE_VALUE));
            }
        }
        if faults.is_empty() { Ok(Grades(names)) } else { Err(faults) }
    }
}

async fn kept(q: &mut impl Query) -> Result<(Grades, i64)> {
    match sql::grades(q).await? {
        None => Ok((Grades::default(), 0)),
        Some(row) => Ok((Grades(serde_json::from_str(&row.names).map_err(Problem::internal)?), row.version)),
    }
}

/// The company's grades.
///
/// # Errors
/// When the store cannot be read.
pub async fn grades(q: &mut impl Query) -> Result<Grades> {
    Ok(kept(q).await?.0)
}

/// Refuses a grade that is not in the list, unless the customer had it before.
pub(crate) async fn check(q: &mut impl Query, grade: Option<&str>, before: Option<&str>) -> Result<()> {
    match grade {
        Some(grade) if Some(grade) != before && !grades(q).await?.has(grade) => {
            Err(Problem::new(problem::INVALID).with("reason", "grade").field("grade", problem::BAD_VALUE))
        }
        _ => Ok(()),
    }
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(write))
}

/// Grades of customers, the best first.
#[derive(Serialize, ToSchema)]
struct CustomerGrades {
    items: Vec<String>,
    /// 0 while the list was never changed.
    version: i64,
}

/// Grades as they are to be, the best first.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomerGrades {
    #[schema(min_items = 1, max_items = 9)]
    items: Vec<String>,
}

/// The company's grades of customers.
#[utoipa::path(get, path = "/customer-grades", tag = "customers", responses((status = 200, body = CustomerGrades)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<CustomerGrades> {
    let (grades, version) = kept(&mut kit.db.read(&caller.scope).await?).await?;
    ok(CustomerGrades { items: grades.0, version })
}

/// Says which grades there are, and in which order. A grade that customers have cannot be left out.
#[utoipa::path(put, path = "/customer-grades", tag = "customers", request_body = NewCustomerGrades, params(("If-Match" = String, Header)),
    responses((status = 200, body = CustomerGrades), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn write(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(new): Json<NewCustomerGrades>,
) -> Answer<CustomerGrades> {
    let grades = Grades::tidy(&new.items).or_else(|faults| {
        let mut checks = Checks::new();
        for (field, code) in faults {
            checks.fault(&field, code);
        }
        checks.done().map(|()| Grades::default())
    })?;
    let tenant = caller.scope.tenant();
    let stored = grades.clone();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (before, known) = kept(tx).await?;
                if known != version {
                    return Err(Problem::new(problem::VERSION));
                }
                for gone in before.0.iter().filter(|g| !stored.has(g)) {
                    let count = sql::of_grade(tx, gone).await?;
                    if count > 0 {
                        return Err(Problem::new(GRADE_IN_USE).with("grade", gone).with("count", count));
                    }
                }
                let names = serde_json::to_string(&stored.0).map_err(Problem::internal)?;
                if sql::set_grades(tx, &names, version).await? == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                let told = json!({ "before": before.0, "after": stored.0 });
                tx.audit("customer.grades", "company", tenant, told).await
            })
        })
        .await?;
    ok(CustomerGrades { items: grades.0, version: version + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidy(names: &[&str]) -> std::result::Result<Vec<String>, Vec<String>> {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        Grades::tidy(&names).map(|g| g.0).map_err(|faults| faults.into_iter().map(|f| f.0).collect())
    }

    #[test]
    fn names_are_short_plain_and_each_once() {
        assert_eq!(tidy(&[" 钻石", "金牌 "]).unwrap(), ["钻石", "金牌"]);
        assert_eq!(tidy(&[]).unwrap_err(), ["items"]);
        assert_eq!(
            tidy(&["A", "a", "B,C", "", "A/B"]).unwrap_err(),
            ["items[1]", "items[2]", "items[3]", "items[4]"]
        );
        assert_eq!(tidy(&["ABCDEFGHI"]).unwrap_err(), ["items[0]"]);
    }

    #[test]
    fn what_counts_is_the_place_in_the_list() {
        let grades = Grades(vec!["KA".into(), "A".into()]);
        let rank = |g| grades.rank(g);
        assert_eq!(
            (rank(Some("KA")), rank(Some("A")), rank(Some("C")), rank(None)),
            (Some(0), Some(1), None, None)
        );
        assert_eq!((grades.meant(" ka "), grades.meant("b")), (Some("KA"), None));
    }
}
