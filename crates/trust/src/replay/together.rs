//! Two people who move together all day: a question to both, never more, and none where they were sent together.

use std::collections::HashMap;

use geo::{LngLat, distance_m};

use super::way::Way;
use crate::{
    catalogue::Code,
    model::{Company, Finding},
};

pub(super) fn find(company: &Company, ways: &[Way], out: &mut [Vec<Finding>]) {
    // One position a minute while moving, by minute.
    let mut minutes: HashMap<i64, Vec<(usize, LngLat)>> = HashMap::new();
    let mut own: Vec<Vec<(i64, LngLat)>> = vec![];
    for (k, way) in ways.iter().enumerate() {
        let mut mine = vec![];
        if let (Some(a), Some(b)) = (way.points.first(), way.points.last()) {
            for m in (a.t / 60.0).ceil() as i64..=(b.t / 60.0).floor() as i64 {
                let t = m as f64 * 60.0;
                let Some(at) = way.at(t) else { continue };
                let moved = way.at(t - 40.0).is_some_and(|p| distance_m(p, at) > 40.0);
                if moved {
                    mine.push((m, at));
                    minutes.entry(m).or_default().push((k, at));
                }
            }
        }
        own.push(mine);
    }
    for (k, mine) in own.iter().enumerate() {
        let mut with: HashMap<u32, (usize, f64)> = HashMap::new();
        for (m, at) in mine {
            let mut seen = vec![];
            for (other, there) in minutes.get(m).into_iter().flatten() {
                let user = company.cases[*other].user;
                let d = distance_m(*at, *there);
                let apart = user != company.cases[k].user && !company.one_crew(k, *other);
                if apart && d < 120.0 && !seen.contains(&user) {
                    seen.push(user);
                    let e = with.entry(user).or_default();
                    e.0 += 1;
                    e.1 += d;
                }
            }
        }
        let Some((_, (n, sum))) = with.into_iter().max_by_key(|(u, (n, _))| (*n, *u)) else { continue };
        let share = n as f64 / mine.len() as f64;
        if n >= 12 && share > 0.6 {
            let w = 0.2 + 0.08 * ((share - 0.6) / 0.3).min(1.0);
            let window = (mine[0].0 * 60_000, mine[mine.len() - 1].0 * 60_000);
            let numbers = [("share", share), ("minutes", n as f64), ("apart_m", sum / n as f64)];
            out[k].push(Finding::new(Code::Together, w, window, &numbers));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Case, Fix};
    use geo::destination;

    /// Half an hour northwards at 36 km/h, a position every 20 s; `aside`: metres to the east.
    fn drive(user: u32, aside: f64) -> Case {
        let begin = destination(LngLat::new(118.78, 32.04).unwrap(), 90.0, aside);
        let fixes =
            (0..90).map(|k| Fix::new(k * 20_000, destination(begin, 0.0, 200.0 * k as f64))).collect();
        Case { id: user.to_string(), user, fixes }
    }

    fn asked(crews: Vec<Vec<usize>>) -> Vec<bool> {
        let cases = vec![drive(0, 0.0), drive(1, 40.0), drive(2, 80.0)];
        let company = Company { cases, crews, ..Company::default() };
        let days = crate::judge(&company).days;
        days.iter().map(|d| d.findings.iter().any(|f| f.code == Code::Together)).collect()
    }

    #[test]
    fn whoever_was_sent_together_is_not_asked() {
        assert_eq!(asked(vec![]), [true; 3]);
        assert_eq!(asked(vec![vec![0, 1, 2]]), [false; 3]);
        assert_eq!(asked(vec![vec![0, 1], vec![2, 0], vec![1, 2]]), [false; 3], "by several tasks");
        assert_eq!(asked(vec![vec![0, 1]]), [true; 3], "the third belongs to nobody's work");
    }
}
