//! Cases: the ways they take, and what must hold for every flow and every order of events.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use base::Micros;
use flow::{
    Approve, Case, Empty, Event, Flow, How, Kind, Lane, Limit, Node, People, Plan, Refused, Side, Status,
    Then, What, Who, World, apply, simulate,
};
use forms::Surroundings;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn person(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// 1 requests; 2 heads his department, 3 the one above, 4 and 5 have the role 90, thousands 91, 9 runs the settings.
#[derive(Default, Clone)]
struct Staff {
    gone: BTreeSet<Uuid>,
    deputies: BTreeMap<Uuid, Uuid>,
}

impl People for Staff {
    fn role(&self, role: Uuid) -> Option<Vec<Uuid>> {
        let all: Vec<Uuid> = match role.as_u128() {
            90 => vec![person(4), person(5)],
            91 => (1000..4000).map(person).collect(),
            _ => return None,
        };
        Some(all.into_iter().filter(|p| self.is_here(*p)).collect())
    }

    fn heads(&self, of: Uuid, level: u8) -> Option<Vec<Uuid>> {
        let own = if of == person(3) || of == person(9) { 2 } else { 1 };
        let head = match own + level - 1 {
            1 => 2,
            2 => 3,
            _ => return None,
        };
        Some(Some(person(head)).filter(|p| self.is_here(*p)).into_iter().collect())
    }

    fn admins(&self) -> Vec<Uuid> {
        Some(person(9)).filter(|p| self.is_here(*p)).into_iter().collect()
    }

    fn is_here(&self, p: Uuid) -> bool {
        !self.gone.contains(&p)
    }

    fn deputy(&self, p: Uuid) -> Option<Uuid> {
        self.deputies.get(&p).copied()
    }
}

fn step(id: &str, who: Who, how: How) -> Node {
    let kind = Kind::Approve(Approve { who, how, limit: None, skip_own: false, empty: Empty::Admin });
    Node { id: id.into(), name: String::new(), kind }
}

fn limited(id: &str, who: Who, minutes: u32, remind: Option<u32>, then: Then) -> Node {
    let limit = Some(Limit { minutes, remind, then });
    let kind = Kind::Approve(Approve { who, how: How::Any, limit, skip_own: false, empty: Empty::Admin });
    Node { id: id.into(), name: String::new(), kind }
}

fn named(people: &[u128]) -> Who {
    Who::Named { people: people.iter().copied().map(person).collect() }
}

fn lane(when: Option<&str>, nodes: Vec<Node>) -> Lane {
    Lane { name: String::new(), when: when.map(str::to_owned), nodes }
}

fn heads(level: u8) -> Who {
    Who::Heads { level, up_to: false }
}

struct Run {
    plan: Plan,
    staff: Staff,
    form: Map<String, Value>,
    around: Surroundings,
    now: Micros,
    case: Case,
    told: Vec<flow::Said>,
}

impl Run {
    fn of(flow: &Flow, form: Value) -> Run {
        let fields = BTreeMap::from([("amount".to_owned(), false), ("boss".to_owned(), true)]);
        let around =
            Surroundings { user: json!({ "departments": ["一区", "总部"] }), ..Surroundings::default() };
        Run {
            plan: Plan::new(flow, &fields, Some(&Staff::default())).unwrap(),
            staff: Staff::default(),
            form: form.as_object().cloned().unwrap(),
            around,
            now: Micros(0),
            case: Case::new(person(1)),
            told: vec![],
        }
    }

    fn nodes(nodes: Vec<Node>) -> Run {
        Run::of(&Flow { v: 1, nodes, once: false }, json!({}))
    }

    fn world(&self) -> World<'_> {
        World { plan: &self.plan, people: &self.staff, form: &self.form, around: &self.around, now: self.now }
    }

    fn event(&mut self, event: Event) -> Result<Vec<What>, Refused> {
        let mut case = self.case.clone();
        let said = apply(&self.world(), &mut case, event)?;
        self.case = case;
        self.told.extend(said.clone());
        Ok(said.into_iter().map(|s| s.what).collect())
    }

    fn submit(&mut self) -> Vec<What> {
        self.event(Event::Submit { chosen: BTreeMap::new() }).unwrap()
    }

    fn asked(&self) -> Vec<u128> {
        self.case.asked().into_iter().map(|(_, a)| a.person.as_u128()).collect()
    }

    fn ask_of(&self, n: u128) -> u64 {
        self.case.asked().into_iter().find(|(_, a)| a.person == person(n)).unwrap().1.id
    }

    fn approve(&mut self, n: u128) -> Vec<What> {
        let ask = self.ask_of(n);
        self.event(Event::Approve { by: person(n), ask }).unwrap()
    }
}

#[test]
fn two_levels_and_a_condition() {
    let big =
        lane(Some("form.amount > 1000 && '一区' in user.departments"), vec![step("b", heads(2), How::Any)]);
    let branch = Node {
        id: "amount".into(),
        name: String::new(),
        kind: Kind::Branch { lanes: vec![big, lane(None, vec![])] },
    };
    let flow = Flow { v: 1, nodes: vec![step("a", heads(1), How::Any), branch], once: false };
    let mut small = Run::of(&flow, json!({ "amount": 10 }));
    small.submit();
    assert_eq!(small.asked(), [2]);
    assert_eq!(small.approve(2), [What::Approved, What::TookLane, What::Completed]);
    let mut big = Run::of(&flow, json!({ "amount": 5000 }));
    big.submit();
    big.approve(2);
    assert_eq!((big.asked(), big.case.status), (vec![3], Status::Running));
    big.approve(3);
    assert_eq!(big.case.status, Status::Approved);
}

#[test]
fn all_any_and_in_turn() {
    let mut all = Run::nodes(vec![step("a", named(&[2, 3]), How::All)]);
    all.submit();
    assert_eq!(all.asked(), [2, 3]);
    all.approve(3);
    assert_eq!(all.case.status, Status::Running);
    all.approve(2);
    assert_eq!(all.case.status, Status::Approved);
    let mut any = Run::nodes(vec![step("a", named(&[2, 3]), How::Any)]);
    any.submit();
    any.approve(3);
    assert_eq!(any.case.status, Status::Approved);
    let mut turn = Run::nodes(vec![step("a", named(&[3, 2]), How::InTurn)]);
    turn.submit();
    assert_eq!(turn.asked(), [3]);
    assert_eq!(turn.event(Event::Approve { by: person(2), ask: 2 }), Err(Refused::NotAsked));
    turn.approve(3);
    assert_eq!(turn.asked(), [2]);
}

#[test]
fn a_decision_counts_once() {
    let mut run = Run::nodes(vec![step("a", named(&[2, 3]), How::All)]);
    run.submit();
    let ask = run.ask_of(2);
    run.approve(2);
    assert_eq!(run.event(Event::Approve { by: person(2), ask }), Err(Refused::NotAsked));
    assert_eq!(run.event(Event::Reject { by: person(2), ask }), Err(Refused::NotAsked));
    run.event(Event::Withdraw { by: person(1) }).unwrap();
    let other = Event::Approve { by: person(3), ask: ask + 1 };
    assert_eq!(run.event(other), Err(Refused::NotRunning));
}

#[test]
fn signers_before_and_after_and_a_transfer() {
    let mut run = Run::nodes(vec![step("a", named(&[2]), How::Any)]);
    run.submit();
    let ask = run.ask_of(2);
    run.event(Event::AddSigner { by: person(2), ask, who: person(4), side: Side::Before }).unwrap();
    assert_eq!(run.asked(), [4]);
    run.approve(4);
    assert_eq!(run.asked(), [2]);
    run.event(Event::AddSigner { by: person(2), ask, who: person(5), side: Side::After }).unwrap();
    run.event(Event::Transfer { by: person(2), ask, to: person(3) }).unwrap();
    assert_eq!(run.asked(), [3]);
    run.approve(3);
    assert_eq!((run.asked(), run.case.status), (vec![5], Status::Running));
    let ask = run.ask_of(5);
    assert_eq!(run.event(Event::Transfer { by: person(5), ask, to: person(1) }), Err(Refused::NotFit));
    assert_eq!(run.event(Event::Transfer { by: person(5), ask, to: person(3) }), Err(Refused::AskedAlready));
    run.approve(5);
    assert_eq!(run.case.status, Status::Approved);
}

#[test]
fn parallel_lanes_wait_and_one_can_be_sent_back_alone() {
    let lanes = vec![
        lane(None, vec![step("a", named(&[2]), How::Any), step("b", named(&[3]), How::Any)]),
        lane(None, vec![step("c", named(&[4]), How::Any)]),
    ];
    let both = Node { id: "p".into(), name: String::new(), kind: Kind::Parallel { lanes } };
    let mut run = Run::nodes(vec![step("s", named(&[5]), How::Any), both, step("z", named(&[9]), How::Any)]);
    run.submit();
    run.approve(5);
    assert_eq!(run.asked(), [2, 4]);
    run.approve(2);
    let ask = run.ask_of(3);
    assert_eq!(run.plan.back_from(&run.case, "b"), ["s", "a"]);
    assert_eq!(run.plan.back_from(&run.case, "c"), ["s"]);
    run.event(Event::Return { by: person(3), ask, to: Some("a".into()) }).unwrap();
    assert_eq!(run.asked(), [4, 2]);
    run.approve(4);
    run.approve(2);
    run.approve(3);
    assert_eq!(run.asked(), [9]);
    let ask = run.ask_of(9);
    let inside = Event::Return { by: person(9), ask, to: Some("a".into()) };
    assert_eq!(
        run.event(inside),
        Err(Refused::NoSuchStep),
        "a lane that was joined is not opened again alone"
    );
    run.event(Event::Return { by: person(9), ask, to: Some("s".into()) }).unwrap();
    assert_eq!((run.asked(), run.case.passed.len()), (vec![5], 0));
    run.approve(5);
    assert_eq!(run.asked(), [2, 4]);
}

#[test]
fn returned_and_handed_in_again() {
    let mut run = Run::nodes(vec![step("a", named(&[2]), How::Any)]);
    run.submit();
    let ask = run.ask_of(2);
    run.event(Event::Return { by: person(2), ask, to: None }).unwrap();
    assert_eq!((run.case.status, run.asked().len()), (Status::Returned, 0));
    // Whoever may correct what was handed in hands it in again.
    assert_eq!(run.event(Event::Change { by: person(7) }).unwrap(), [What::Submitted, What::Asked]);
    assert_eq!(run.told.iter().rfind(|s| s.what == What::Submitted).unwrap().person, Some(person(7)));
    assert_eq!((run.case.round, run.asked()), (2, vec![2]));
    assert_ne!(run.ask_of(2), ask, "an answer to the first round does not decide the second");
}

#[test]
fn changed_after_it_was_decided() {
    let mut run = Run::nodes(vec![step("a", named(&[2]), How::Any)]);
    run.submit();
    run.approve(2);
    assert_eq!(run.event(Event::Change { by: person(1) }).unwrap(), [What::Changed, What::Asked]);
    assert_eq!((run.case.status, run.case.round), (Status::Running, 2));
    let ask = run.ask_of(2);
    run.event(Event::Reject { by: person(2), ask }).unwrap();
    assert_eq!(run.event(Event::Change { by: person(1) }).unwrap(), [What::Changed]);
    assert_eq!(run.case.status, Status::Rejected);
}

fn chosen(people: &[u128]) -> Event {
    let people = people.iter().copied().map(person).collect();
    Event::Submit { chosen: BTreeMap::from([("a".to_owned(), people)]) }
}

#[test]
fn nobody_says_that_he_decides_himself() {
    let of = |who: Who, skip_own, empty| {
        let kind = Kind::Approve(Approve { who, how: How::Any, limit: None, skip_own, empty });
        Run::of(
            &Flow { v: 1, nodes: vec![Node { id: "a".into(), name: String::new(), kind }], once: false },
            json!({ "boss": person(1) }),
        )
    };
    for (skip_own, empty) in
        [(true, Empty::Skip), (false, Empty::Skip), (false, Empty::Admin), (true, Empty::Return)]
    {
        let mut field = of(Who::Field { field: "boss".into() }, skip_own, empty);
        field.submit();
        assert_eq!(field.asked(), [9], "skip_own {skip_own}, {empty:?}");
        let mut alone = of(Who::Chosen { most: 2 }, skip_own, empty);
        alone.event(chosen(&[1])).unwrap();
        assert_eq!(alone.asked(), [9]);
        let mut with = of(Who::Chosen { most: 2 }, skip_own, empty);
        with.event(chosen(&[1, 3])).unwrap();
        assert_eq!(with.asked(), [3]);
        let mut nobody = of(Who::Chosen { most: 2 }, skip_own, empty);
        assert_eq!(nobody.submit(), [What::Submitted, What::ReturnedEmpty], "he is asked to choose");
        nobody.event(chosen(&[3])).unwrap();
        assert_eq!(nobody.asked(), [3]);
    }
}

#[test]
fn a_role_of_thousands_is_not_asked_whole() {
    let mut run = Run::nodes(vec![step("a", Who::Role { role: person(91) }, How::All)]);
    run.submit();
    assert_eq!(run.asked().len(), 200);
}

#[test]
fn nobody_to_ask_the_own_step_and_the_same_person_twice() {
    let gone = |empty| {
        let who = Who::Field { field: "boss".into() };
        let kind = Kind::Approve(Approve { who, how: How::Any, limit: None, skip_own: false, empty });
        Run::nodes(vec![Node { id: "a".into(), name: String::new(), kind }])
    };
    let mut skip = gone(Empty::Skip);
    assert_eq!(skip.submit(), [What::Submitted, What::SkippedEmpty, What::Completed]);
    let mut admin = gone(Empty::Admin);
    admin.submit();
    assert_eq!(admin.asked(), [9]);
    let mut back = gone(Empty::Return);
    back.submit();
    assert_eq!(back.case.status, Status::Returned);
    let own = Approve { who: named(&[1]), how: How::Any, limit: None, skip_own: true, empty: Empty::Admin };
    let mut own = Run::nodes(vec![Node { id: "a".into(), name: String::new(), kind: Kind::Approve(own) }]);
    assert_eq!(own.submit(), [What::Submitted, What::SkippedOwn, What::Completed]);
    let nodes = vec![step("a", named(&[2]), How::Any), step("b", named(&[2]), How::Any)];
    let mut once = Run::of(&Flow { v: 1, nodes: nodes.clone(), once: true }, json!({}));
    once.submit();
    assert_eq!(once.approve(2), [What::Approved, What::SkippedRepeat, What::Completed]);
    let mut twice = Run::nodes(nodes);
    twice.submit();
    twice.approve(2);
    assert_eq!(twice.asked(), [2]);
}

#[test]
fn time_reminds_escalates_and_decides() {
    let mut run = Run::nodes(vec![limited("a", named(&[2]), 60, Some(30), Then::Escalate)]);
    run.submit();
    let minute = |m: i64| Micros(m * Micros::MINUTE);
    assert_eq!(run.plan.next_due(&run.case), Some(minute(30)));
    run.now = minute(29);
    assert_eq!(run.event(Event::Tick).unwrap(), []);
    run.now = minute(30);
    assert_eq!(run.event(Event::Tick).unwrap(), [What::Reminded]);
    assert_eq!(run.event(Event::Tick).unwrap(), []);
    run.now = minute(60);
    assert_eq!(run.event(Event::Tick).unwrap(), [What::Escalated, What::Asked]);
    assert_eq!((run.asked(), run.plan.next_due(&run.case)), (vec![3], Some(minute(90))));
    let mut auto = Run::nodes(vec![
        limited("a", named(&[2]), 60, None, Then::Approve),
        limited("b", named(&[3]), 5, None, Then::Reject),
    ]);
    auto.submit();
    auto.now = minute(500);
    auto.event(Event::Tick).unwrap();
    assert_eq!(
        (auto.case.status, auto.asked()),
        (Status::Running, vec![3]),
        "the second step has its own time"
    );
    auto.now = minute(505);
    auto.event(Event::Tick).unwrap();
    assert_eq!(auto.case.status, Status::Rejected);
}

#[test]
fn the_absent_and_those_who_left() {
    let mut run = Run::nodes(vec![step("a", named(&[2]), How::Any), step("b", named(&[4]), How::Any)]);
    run.staff.deputies.insert(person(2), person(5));
    run.submit();
    assert_eq!(run.asked(), [5]);
    run.approve(5);
    let ask = run.case.asked()[0].1;
    assert_eq!(ask.person, person(4));
    run.staff.gone.insert(person(4));
    run.event(Event::Away { person: person(4) }).unwrap();
    assert_eq!(run.asked(), [5], "his head decides, who is absent himself: his deputy");
    let mut run = Run::nodes(vec![step("b", named(&[4]), How::Any)]);
    run.submit();
    run.staff.gone.insert(person(4));
    run.event(Event::Away { person: person(4) }).unwrap();
    assert_eq!(run.asked(), [2], "his head decides");
    run.staff.deputies.insert(person(2), person(1));
    run.event(Event::Away { person: person(2) }).unwrap();
    assert_eq!(run.asked(), [2], "the requester does not decide his own case");
}

#[test]
fn two_who_stand_in_for_each_other_are_both_asked() {
    for how in [How::All, How::Any] {
        let mut run = Run::nodes(vec![step("a", named(&[2, 3]), how)]);
        run.staff.deputies = BTreeMap::from([(person(2), person(3)), (person(3), person(2))]);
        assert_eq!(run.submit(), [What::Submitted, What::Asked, What::Asked]);
        run.event(Event::Away { person: person(2) }).unwrap();
        assert_eq!(run.asked(), [2, 3]);
    }
    let mut absent = Run::nodes(vec![step("a", named(&[2]), How::Any)]);
    absent.staff.deputies = BTreeMap::from([(person(2), person(3)), (person(3), person(1))]);
    absent.submit();
    assert_eq!(absent.asked(), [2], "his deputy is absent too");
}

#[test]
fn absent_before_his_turn() {
    let mut run = Run::nodes(vec![step("a", named(&[3, 2]), How::InTurn)]);
    run.submit();
    run.staff.deputies.insert(person(2), person(5));
    assert_eq!(run.approve(3), [What::Approved, What::StoodIn, What::Asked]);
    assert_eq!(run.case.asked()[0].1.instead_of, Some(person(2)));
    assert_eq!(run.asked(), [5]);
    run.approve(5);
    assert_eq!(run.case.status, Status::Approved);
}

#[test]
fn faults_name_their_place() {
    let codes = |nodes: Vec<Node>| -> Vec<(String, String, String)> {
        let fields = BTreeMap::from([("amount".to_owned(), false)]);
        let faults =
            Plan::new(&Flow { v: 1, nodes, once: false }, &fields, Some(&Staff::default())).unwrap_err();
        faults.into_iter().map(|f| (f.node, f.part, f.code)).collect()
    };
    let is = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(codes(vec![]), [is("", "nodes", "no_step")]);
    let lanes =
        vec![lane(Some("form.amout > 1"), vec![step("a", heads(1), How::Any)]), lane(Some("true"), vec![])];
    let branch = Node { id: "b".into(), name: String::new(), kind: Kind::Branch { lanes } };
    let found = codes(vec![branch, step("a", Who::Role { role: person(77) }, How::Any)]);
    assert!(found.contains(&is("b", "lanes", "no_else")), "{found:?}");
    assert!(found.contains(&is("b", "lanes.0.when", "unknown_field")), "{found:?}");
    assert!(found.contains(&is("a", "who", "unknown_role")), "{found:?}");
    assert!(found.contains(&is("a", "id", "twice")), "{found:?}");
    let empty =
        Kind::Parallel { lanes: vec![lane(None, vec![]), lane(None, vec![step("c", heads(0), How::Any)])] };
    let found = codes(vec![
        Node { id: "p".into(), name: String::new(), kind: empty },
        step("f", Who::Field { field: "amount".into() }, How::Any),
    ]);
    assert_eq!(found, [is("p", "lanes.0", "empty"), is("c", "who", "level"), is("f", "who", "not_person")]);
}

#[test]
fn simulation_takes_the_same_way() {
    let copy = Node { id: "k".into(), name: String::new(), kind: Kind::Copy { who: named(&[5]) } };
    let run = Run::nodes(vec![step("a", heads(1), How::Any), copy, step("b", named(&[3, 4]), How::All)]);
    let foreseen = simulate(&run.world(), person(1), BTreeMap::new());
    let people = |what| {
        foreseen
            .said
            .iter()
            .filter(|s| s.what == what)
            .map(|s| s.person.unwrap().as_u128())
            .collect::<Vec<_>>()
    };
    assert_eq!((people(What::Asked), people(What::Copied)), (vec![2, 3, 4], vec![5]));
    assert_eq!(foreseen.status, Status::Approved);
}

// ---- any flow, any events ----

fn any_who() -> impl Strategy<Value = Who> {
    prop_oneof![
        Just(Who::Role { role: person(90) }),
        (1u8..=3, any::<bool>()).prop_map(|(level, up_to)| Who::Heads { level, up_to }),
        proptest::collection::vec(1u128..=9, 1..4).prop_map(|people| named(&people)),
        Just(Who::Chosen { most: 2 }),
        Just(Who::Field { field: "boss".into() }),
    ]
}

/// Steps all have a time limit with an outcome when `timed`.
fn any_step(timed: bool) -> impl Strategy<Value = Kind> {
    let how = prop_oneof![Just(How::All), Just(How::Any), Just(How::InTurn)];
    let empty = prop_oneof![Just(Empty::Admin), Just(Empty::Skip), Just(Empty::Return)];
    let then = match timed {
        true => prop_oneof![Just(Then::Approve), Just(Then::Reject)].boxed(),
        false => prop_oneof![Just(Then::Remind), Just(Then::Escalate), Just(Then::Approve)].boxed(),
    };
    (any_who(), how, empty, any::<bool>(), then, 2u32..200, any::<bool>()).prop_map(
        move |(who, how, empty, skip_own, then, minutes, remind)| {
            let limit = Limit { minutes, remind: remind.then_some(minutes / 2), then };
            Kind::Approve(Approve { who, how, limit: (timed || remind).then_some(limit), skip_own, empty })
        },
    )
}

fn any_nodes(timed: bool) -> BoxedStrategy<Vec<Node>> {
    let leaf = prop_oneof![4 => any_step(timed), 1 => any_who().prop_map(|who| Kind::Copy { who })];
    let node = leaf.prop_recursive(3, 16, 3, |inner| {
        let lane = proptest::collection::vec(inner, 1..3).prop_map(|kinds| Lane {
            nodes: kinds
                .into_iter()
                .map(|kind| Node { id: String::new(), name: String::new(), kind })
                .collect(),
            ..Lane::default()
        });
        let lanes = proptest::collection::vec(lane, 2..4);
        prop_oneof![
            lanes.clone().prop_map(|mut lanes| {
                let last = lanes.len() - 1;
                for lane in &mut lanes[..last] {
                    lane.when = Some("form.amount > 500".into());
                }
                Kind::Branch { lanes }
            }),
            lanes.prop_map(|lanes| Kind::Parallel { lanes }),
        ]
    });
    proptest::collection::vec(node, 1..4)
        .prop_map(|kinds| {
            let mut nodes: Vec<Node> =
                kinds.into_iter().map(|kind| Node { id: String::new(), name: String::new(), kind }).collect();
            number(&mut nodes, &mut 0);
            nodes.push(step("last", named(&[2]), How::Any));
            if let Kind::Approve(a) = &mut nodes.last_mut().unwrap().kind {
                a.limit = Some(Limit { minutes: 10, remind: None, then: Then::Approve });
            }
            nodes
        })
        .boxed()
}

fn number(nodes: &mut [Node], next: &mut usize) {
    for node in nodes {
        *next += 1;
        node.id = format!("n{next}");
        if let Kind::Branch { lanes } | Kind::Parallel { lanes } = &mut node.kind {
            for lane in lanes {
                number(&mut lane.nodes, next);
            }
        }
    }
}

/// What somebody tries; people and asks by number, whether it is his turn or not.
#[derive(Clone, Debug)]
struct Try {
    kind: u8,
    who: u128,
    other: u128,
    pick: usize,
    minutes: i64,
}

fn any_try() -> impl Strategy<Value = Try> {
    (0u8..13, 1u128..=9, 1u128..=9, 0usize..8, 0i64..120).prop_map(|(kind, who, other, pick, minutes)| Try {
        kind,
        who,
        other,
        pick,
        minutes,
    })
}

fn event_of(run: &mut Run, t: &Try) -> Event {
    run.now = Micros(run.now.0 + t.minutes * Micros::MINUTE);
    let asked: Vec<(String, u64, Uuid)> =
        run.case.asked().into_iter().map(|(n, a)| (n.to_owned(), a.id, a.person)).collect();
    // mostly somebody whose turn it is
    let (node, ask, by) = match asked.get(t.pick % asked.len().max(1)) {
        Some((node, ask, by)) if t.pick < 7 => (node.clone(), *ask, *by),
        _ => (String::new(), t.pick as u64, person(t.who)),
    };
    let other = person(t.other);
    match t.kind {
        0..=2 => Event::Approve { by, ask },
        3 => Event::Reject { by, ask },
        4 => Event::Return { by, ask, to: None },
        5 => {
            let to = run.plan.back_from(&run.case, &node).get(t.who as usize % 3).map(|s| (*s).to_owned());
            Event::Return { by, ask, to: Some(to.unwrap_or_else(|| "n1".into())) }
        }
        6 => Event::Transfer { by, ask, to: other },
        7 => {
            Event::AddSigner { by, ask, who: other, side: if t.who > 4 { Side::Before } else { Side::After } }
        }
        8 => Event::Tick,
        9 => {
            if t.who > 3 && t.who < 9 && t.other > 5 {
                run.staff.gone.insert(person(t.who));
            } else {
                run.staff.deputies.insert(person(t.who), other);
            }
            Event::Away { person: person(t.who) }
        }
        10 => Event::Urge { by: person(1) },
        11 => Event::Change { by: person(1) },
        _ => Event::Submit { chosen: BTreeMap::from([("n1".to_owned(), vec![other])]) },
    }
}

fn sound(run: &Run, decided: &mut BTreeSet<u64>, event: &Event, before: &Case) {
    let case = &run.case;
    match case.status {
        Status::Running => assert!(!case.asked().is_empty(), "a running case asks somebody: {case:#?}"),
        _ => assert!(case.posts.is_empty() && case.asked().is_empty()),
    }
    let mut seen = BTreeSet::new();
    for (node, ask) in case.asked() {
        assert!(ask.since.is_some() && seen.insert(ask.id) && !ask.approved);
        assert!(run.plan.name(node).is_empty());
    }
    if let Event::Approve { by, ask } | Event::Reject { by, ask } = event {
        assert!(
            before.asked().iter().any(|(_, a)| a.id == *ask && a.person == *by),
            "only who is asked decides"
        );
        assert!(decided.insert(*ask), "an ask is decided once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_deadlock_no_double_decision_and_replayable(nodes in any_nodes(false), tries in proptest::collection::vec(any_try(), 0..40), amount in 0i64..1000) {
        let flow = Flow { v: 1, nodes, once: amount % 2 == 0 };
        let mut run = Run::of(&flow, json!({ "amount": amount, "boss": person(6) }));
        let mut decided = BTreeSet::new();
        run.submit();
        let mut taken = vec![(Event::Submit { chosen: BTreeMap::new() }, run.now, run.staff.clone())];
        for t in &tries {
            let event = event_of(&mut run, t);
            let before = run.case.clone();
            if run.event(event.clone()).is_ok() {
                taken.push((event.clone(), run.now, run.staff.clone()));
                sound(&run, &mut decided, &event, &before);
            } else {
                prop_assert_eq!(&run.case, &before);
            }
        }
        // the same events give the same case, also from what was stored in between
        let mut again = Run::of(&flow, json!({ "amount": amount, "boss": person(6) }));
        for (event, now, staff) in taken {
            (again.now, again.staff) = (now, staff);
            again.event(event).unwrap();
            again.case = serde_json::from_str(&serde_json::to_string(&again.case).unwrap()).unwrap();
        }
        prop_assert_eq!(&again.case, &run.case);
        // from wherever it stands, approvals end it
        for _ in 0..3000 {
            let Some((by, ask)) = run.case.asked().first().map(|(_, a)| (a.person, a.id)) else { break };
            run.event(Event::Approve { by, ask }).unwrap();
        }
        prop_assert_ne!(run.case.status, Status::Running);
    }

    #[test]
    fn time_alone_ends_every_case_with_limits(nodes in any_nodes(true), tries in proptest::collection::vec(any_try(), 0..25)) {
        let mut run = Run::of(&Flow { v: 1, nodes, once: false }, json!({ "amount": 700, "boss": person(6) }));
        run.submit();
        for t in &tries {
            let event = event_of(&mut run, t);
            let _ = run.event(event);
        }
        for _ in 0..2000 {
            let Some(due) = run.plan.next_due(&run.case) else { break };
            run.now = Micros(due.0.max(run.now.0));
            let said = run.event(Event::Tick).unwrap();
            prop_assert!(!said.is_empty(), "what is due happens");
        }
        prop_assert_ne!(run.case.status, Status::Running);
    }
}
