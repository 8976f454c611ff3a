//! Who is to visit a customer besides his owner: somebody he knows and wants, and people who are never sent.
//!
//! The owner looks after a customer; that says nothing of who gets on with him. Planning, dispatch and frequency plans
//! prefer the one and never send the others by themselves; a person who puts a barred one there by hand is told.

use std::collections::{BTreeSet, HashMap};

use api::Checks;
use base::Problem;
use db::{Query, Result, args, sql};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Customer;

/// People barred from one customer.
pub(crate) const MOST: usize = 20;

/// Who is to come, and who never is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomerWhom)]
pub struct Whom {
    /// Goes rather than others, also rather than the owner, unless it costs too much.
    pub preferred_id: Option<Uuid>,
    /// Never sent.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub barred_ids: Vec<Uuid>,
}

/// The same with names.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct CustomerPeople {
    /// Goes rather than others, also rather than the owner, unless it costs too much.
    pub preferred: Option<Ref>,
    /// Never sent.
    pub barred: Vec<Ref>,
}

impl Whom {
    /// As it is kept; what cannot be read says nothing.
    pub fn of_kept(text: Option<&str>) -> Whom {
        text.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
    }

    pub(crate) fn kept(&self) -> Option<String> {
        (*self != Whom::default()).then(|| serde_json::json!(self).to_string())
    }

    /// Is this person never sent?
    pub fn bars(&self, person: Uuid) -> bool {
        self.barred_ids.contains(&person)
    }

    /// Is this person wanted?
    pub fn prefers(&self, person: Uuid) -> bool {
        self.preferred_id == Some(person)
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.barred_ids.iter().copied().chain(self.preferred_id)
    }

    /// With the names of whoever is known.
    pub fn named(&self, names: &HashMap<Uuid, String>) -> CustomerPeople {
        let named = |id: &Uuid| names.get(id).map(|name| Ref { id: *id, name: name.clone() });
        CustomerPeople {
            preferred: self.preferred_id.as_ref().and_then(named),
            barred: self.barred_ids.iter().filter_map(named).collect(),
        }
    }

    /// Refuses what contradicts itself or the owner.
    pub(crate) fn check(&self, owner: Option<Uuid>) -> Result<()> {
        let mut checks = Checks::new();
        let mut seen = BTreeSet::new();
        if self.barred_ids.len() > MOST {
            checks.fault("whom.barred_ids", base::problem::TOO_LONG);
        }
        for id in &self.barred_ids {
            if !seen.insert(*id) {
                checks.fault("whom.barred_ids", base::problem::DUPLICATE_VALUE);
            } else if self.prefers(*id) || owner == Some(*id) {
                checks.fault("whom.barred_ids", crate::BARRED);
            }
        }
        checks.done()
    }

    /// Refuses who is out of reach or has left, unless he stood there before.
    pub(crate) async fn check_people(&self, q: &mut impl Query, before: &Whom) -> Result<()> {
        for id in self.ids() {
            if before.ids().any(|b| b == id) {
                continue;
            }
            if org::person(q, id).await.ok().is_none_or(|p| p.status != "active") {
                let at = if self.prefers(id) { "whom.preferred_id" } else { "whom.barred_ids" };
                return Err(Problem::new(base::problem::INVALID).with("reason", at).field(at, crate::OWNER));
            }
        }
        Ok(())
    }
}

impl CustomerPeople {
    /// Without the names.
    pub(crate) fn ids(&self) -> Whom {
        Whom {
            preferred_id: self.preferred.as_ref().map(|p| p.id),
            barred_ids: self.barred.iter().map(|p| p.id).collect(),
        }
    }
}

/// Names of everybody who is wanted or barred somewhere, each read once.
///
/// # Errors
/// When the store cannot be read.
pub async fn names_of<'a>(
    q: &mut impl Query,
    all: impl Iterator<Item = &'a Whom>,
) -> Result<HashMap<Uuid, String>> {
    db::row! { struct Named { name: String } }
    let ids: BTreeSet<Uuid> = all.flat_map(Whom::ids).collect();
    let mut names = HashMap::new();
    for id in ids {
        let row: Option<Named> =
            q.one(sql!("SELECT name FROM employee WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
        names.extend(row.map(|r| (id, r.name)));
    }
    Ok(names)
}

/// Puts names to what was read with customers.
pub(crate) async fn put_names(q: &mut impl Query, rows: Vec<(Customer, Whom)>) -> Result<Vec<Customer>> {
    let names = names_of(q, rows.iter().map(|r| &r.1)).await?;
    let named = |(customer, whom): (Customer, Whom)| Customer { whom: whom.named(&names), ..customer };
    Ok(rows.into_iter().map(named).collect())
}

/// Names of a cell: `小王、小李`.
pub(crate) fn split_names(text: &str) -> Vec<&str> {
    text.split(['、', ',', '，', ';', '；', '/']).map(str::trim).filter(|t| !t.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn what_is_kept_is_read_again_and_nothing_is_kept_of_nothing() {
        let whom = Whom { preferred_id: Some(id(1)), barred_ids: vec![id(2), id(3)] };
        assert_eq!(Whom::of_kept(whom.kept().as_deref()), whom);
        assert_eq!(Whom::default().kept(), None);
        assert_eq!(Whom::of_kept(Some("no json")), Whom::default());
        assert!(whom.bars(id(2)) && whom.prefers(id(1)) && !whom.bars(id(1)));
    }

    #[test]
    fn nobody_is_wanted_and_barred_and_no_owner_is() {
        let whom = Whom { preferred_id: Some(id(1)), barred_ids: vec![id(2)] };
        assert!(whom.check(Some(id(1))).is_ok());
        assert!(whom.check(Some(id(2))).is_err());
        assert!(Whom { barred_ids: vec![id(1)], ..whom.clone() }.check(None).is_err());
        assert!(Whom { barred_ids: vec![id(2), id(2)], ..whom }.check(None).is_err());
    }

    #[test]
    fn a_cell_names_several() {
        assert_eq!(split_names("小王、小李， 小赵"), ["小王", "小李", "小赵"]);
    }
}
