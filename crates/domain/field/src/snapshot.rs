//! Everything a phone needs for the day, in one answer.

use std::collections::{BTreeSet, HashMap};

use api::Kit;
use base::{LocalDay, Micros, problem::Lang};
use db::{Query, Reader, Result, Scope, Tx};
use rand::RngCore;
use uuid::Uuid;
use work::Window;

use crate::{
    FieldSnapshot, OwnDay,
    guides::{AHEAD, forms_of, guides_of},
    sql,
};

/// Visits shown of each customer.
const LAST_VISITS: i64 = 5;
/// Notices carried along.
const NOTICES: i64 = 50;
/// A word is handed out again when it is younger than this.
const FRESH: i64 = Micros::MINUTE;
/// Words are kept as long as a phone may be without a network.
const KEEP: i64 = 60 * Micros::DAY;

/// Composes the snapshot. The first one that holds a plan delivers it.
pub async fn compose(kit: &Kit, scope: &Scope, own_day: &dyn OwnDay, lang: Lang) -> Result<FieldSnapshot> {
    let me = org::auth::me(kit, scope).await?;
    let (scope, now) = (scope.own(), kit.now());
    let mut r = kit.db.read(&scope).await?;
    let day = now.local_day(&org::zone(&mut r).await?);
    let last = day.plus_days(AHEAD);
    let fresh = sql::newest_nonce(&mut r).await?.filter(|n| now.0 - n.issued_at.0 < FRESH).map(|n| n.nonce);
    let waiting = work::any_undelivered(&mut r, day, last).await?;
    drop(r);
    let nonce = match fresh {
        Some(nonce) if !waiting => nonce,
        fresh => {
            let nonce = fresh.clone().unwrap_or_else(new_word);
            let issue = fresh.is_none().then(|| nonce.clone());
            kit.db
                .write(&scope, move |tx| Box::pin(async move { hand_out(tx, issue, day, last).await }))
                .await?;
            nonce
        }
    };
    let mut r = kit.db.read(&scope).await?;
    let mine = scope.actor();
    let (plans, tasks) = work::ahead(&mut r, mine, day, last, now).await?;
    let plan_rule = work::changes::rule(&mut r).await?;
    let outside_by_class = customers::outside_by_class(&mut r).await?;
    let to_visit: BTreeSet<Uuid> = tasks.iter().map(|t| t.customer.id).collect();
    let also: Vec<Uuid> = to_visit.into_iter().collect();
    let customers = customers::for_field(&mut r, &also).await?;
    let grades = customers::grades(&mut r).await?.names();
    let asked = custom::Fields::in_force(&mut r, custom::Noun::Customer).await?;
    let customer_fields = (!asked.is_empty()).then(|| asked.value()).transpose()?;
    let asked = custom::Fields::in_force(&mut r, custom::Noun::Task).await?;
    let task_fields = (!asked.is_empty()).then(|| asked.value()).transpose()?;
    let asked = custom::Fields::in_force(&mut r, custom::Noun::Equipment).await?;
    let equipment_fields = (!asked.is_empty()).then(|| asked.value()).transpose()?;
    let open_visit = work::visits::detail_of_open(&mut r, mine).await?;
    let known = Known::of(&mut r, &also).await?;
    let own: BTreeSet<Uuid> = customers.iter().map(|c| c.id).collect();
    let checks = work::last_checks(&mut r, &own.into_iter().collect::<Vec<_>>()).await?;
    let policy = org::policy_of(&mut r, mine).await?;
    let calendar_today = duty(&mut r, mine, day).await?;
    let mut private_today = org::declared::declared(&mut r, mine, day, day).await?;
    private_today.retain(|e| e.kind == org::DutyKind::Private && e.revoked_at.is_none());
    let notices = notify::notices(&mut r, None, NOTICES, lang).await?;
    let attendance = attendance::of_person(&mut r, now).await?;
    let urgent = dispatch::calls(&mut r, now).await?;
    let steps = || {
        let planned = tasks.iter().flat_map(|t| &t.steps);
        planned.chain(open_visit.iter().flat_map(|v| v.steps.iter().map(|s| &s.step)))
    };
    let forms = formbook::pinned(&mut r, forms_of(steps())).await?;
    let guides = knowledge::pinned(&mut r, guides_of(steps())).await?;
    let must_reads = knowledge::unread(&mut r).await?;
    let knowledge_stamp = knowledge::stamp(&mut r).await?;
    let objects = objects::of_person(&mut r).await?;
    let choices = approvals::choices(&mut r, now).await?;
    let asks = !choices.is_empty()
        || forms.iter().any(formbook::PinnedForm::asks_for_people)
        || objects.iter().any(|o| formbook::asks_for_people(&o.spec));
    let colleagues = match asks {
        true => org::colleagues(&mut r, mine).await?,
        false => vec![],
    };
    let orders = service::phone::carried(&mut r, now).await?;
    let equipment = service::phone::equipment(&mut r, &also).await?;
    let van = service::my_van(&mut r).await?;
    let viewers_today = tracking::viewers_today(&mut r, mine, day).await?;
    drop(r);
    let ways = work::changes::ways(kit, &scope, day).await?;
    let travel = match me.employee.day.travel {
        Some(mode) => mode,
        None => kit.travel.usual_mode(&scope).await,
    };
    Ok(FieldSnapshot {
        epoch: kit.config.epoch.clone(),
        server_time: kit.now(),
        me,
        policy,
        calendar_today,
        private_today,
        day,
        plans,
        plan_rule,
        outside_by_class,
        ways,
        tasks,
        travel,
        customers,
        grades,
        customer_fields,
        task_fields,
        equipment_fields,
        choices,
        contacts: known.contacts,
        problems: known.problems,
        visits: known.visits,
        checks,
        open_visit,
        forms,
        guides,
        must_reads,
        knowledge_stamp,
        objects,
        colleagues,
        attendance,
        notices,
        urgent,
        orders,
        equipment,
        van,
        day_summary: own_day.figures(&scope, day).await?,
        viewers_today,
        nonce,
    })
}

async fn duty(r: &mut Reader, mine: Uuid, day: LocalDay) -> Result<Vec<Window>> {
    let minutes = org::duty_minutes(r, mine, day).await?;
    Ok(minutes.into_iter().map(|(from_minute, to_minute)| Window { from_minute, to_minute }).collect())
}

/// What is known of the customers on a phone, by customer.
struct Known {
    contacts: HashMap<Uuid, Vec<customers::Contact>>,
    problems: HashMap<Uuid, Vec<customers::Problem360>>,
    visits: HashMap<Uuid, Vec<work::VisitRow>>,
}

impl Known {
    /// Of the acting person's own customers in bulk, of `also` one by one where they are not his own.
    async fn of(q: &mut impl Query, also: &[Uuid]) -> Result<Known> {
        let mut known = Known {
            contacts: customers::contacts_of_mine(q).await?,
            problems: customers::problems_of_mine(q).await?,
            visits: work::visits::last_of_mine(q, LAST_VISITS).await?,
        };
        for &id in also {
            if !known.contacts.contains_key(&id) {
                keep(&mut known.contacts, id, customers::contacts(q, id).await?);
            }
            if !known.problems.contains_key(&id) {
                keep(&mut known.problems, id, customers::problems(q, id).await?);
            }
            if !known.visits.contains_key(&id) {
                keep(&mut known.visits, id, work::visits::last_of_customer(q, id, LAST_VISITS).await?);
            }
        }
        Ok(known)
    }
}

fn keep<T>(map: &mut HashMap<Uuid, Vec<T>>, id: Uuid, list: Vec<T>) {
    if !list.is_empty() {
        map.insert(id, list);
    }
}

/// 128 random bits.
fn new_word() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

async fn hand_out(tx: &mut Tx, nonce: Option<String>, from: LocalDay, to: LocalDay) -> Result<()> {
    if let Some(nonce) = nonce {
        sql::insert_nonce(tx, &nonce).await?;
        sql::delete_nonces(tx, tx.now().plus(-KEEP)).await?;
    }
    work::delivered(tx, from, to).await.map(drop)
}
