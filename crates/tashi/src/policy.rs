//! What pages may load: the content security policy of everything that is not the API.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use api::axum::http::{HeaderValue, Response, header};
use db::Database;
use tokio::sync::Mutex;

/// Hosts of the tile services the console offers by name.
const OFFERED: [&str; 3] =
    ["https://t0.tianditu.gov.cn", "https://webrd01.is.autonavi.com", "https://tile.openstreetmap.org"];
/// So long a changed basemap may stay unknown to pages that are opened anew.
const FRESH: Duration = Duration::from_secs(2);
/// More hosts of companies than a header should hold are left out.
const MOST: usize = 100;

/// The policy with nothing foreign in it, for whatever is no page.
pub const OWN: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; font-src 'self' data:; object-src 'none'; \
    base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// The policy of pages: besides our own server they may ask the hosts the companies' maps lie at. A page is sent before
/// anybody has signed in, so it names those of every company of this server.
pub struct Policy {
    db: Database,
    kept: Mutex<Option<(Instant, HeaderValue)>>,
}

impl Policy {
    pub fn new(db: &Database) -> Arc<Policy> {
        Arc::new(Policy { db: db.clone(), kept: Mutex::default() })
    }

    /// Puts it on an answer.
    pub async fn on<B>(&self, mut response: Response<B>) -> Response<B> {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.header().await);
        response
    }

    async fn header(&self) -> HeaderValue {
        let mut kept = self.kept.lock().await;
        if let Some((at, value)) = &*kept
            && at.elapsed() < FRESH
        {
            return value.clone();
        }
        // Without the store pages still come, on a map without a ground.
        let addresses = org::basemap_addresses(&self.db).await.unwrap_or_default();
        let value = HeaderValue::from_str(&naming(&addresses)).unwrap_or(HeaderValue::from_static(OWN));
        *kept = Some((Instant::now(), value.clone()));
        value
    }
}

/// The policy of pages whose maps lie at these addresses.
fn naming(addresses: &[String]) -> String {
    let mut theirs: BTreeSet<String> = addresses.iter().flat_map(|address| origins(address)).collect();
    theirs.retain(|host| !OFFERED.contains(&host.as_str()));
    // What everybody is offered comes first: no number of companies pushes it out.
    let offered = OFFERED.map(str::to_owned).into_iter();
    let hosts = offered.chain(theirs.into_iter().take(MOST)).collect::<Vec<_>>().join(" ");
    OWN.replace("img-src 'self' data: blob:;", &format!("img-src 'self' data: blob: {hosts};"))
        .replace("connect-src 'self';", &format!("connect-src 'self' {hosts};"))
}

/// Scheme, host and port of an address of tiles; of each of its subdomains where it names `{s}`. None of what is no plain
/// host: whoever writes the setting does not write the header.
fn origins(address: &str) -> Vec<String> {
    let Some((scheme, rest)) = address.split_once("://") else { return vec![] };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let every = if host.contains("{s}") { vec!["1", "2", "3", "4"] } else { vec![""] };
    let plain = |host: &String| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        !host.is_empty() && host.chars().all(fits)
    };
    if !matches!(scheme, "https" | "http") {
        return vec![];
    }
    let hosts = every.into_iter().map(|s| host.replace("{s}", s).to_ascii_lowercase());
    hosts.filter(plain).map(|host| format!("{scheme}://{host}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST, OFFERED, naming, origins};

    #[test]
    fn only_the_origin_of_an_address_is_named() {
        assert_eq!(
            origins("https://Tiles.example.com:8443/{z}/{x}/{y}.png?tk=KEY"),
            ["https://tiles.example.com:8443"]
        );
        assert_eq!(origins("http://10.0.0.5/map.pmtiles"), ["http://10.0.0.5"]);
        assert_eq!(
            origins("https://t{s}.example.com/{z}"),
            [
                "https://t1.example.com",
                "https://t2.example.com",
                "https://t3.example.com",
                "https://t4.example.com"
            ]
        );
        for bad in [
            "",
            "/api/v1/basemap/file.pmtiles",
            "ftp://a/b",
            "https://",
            "https://a;script-src *",
            "https://a b",
            "https://u:p@h/",
            "https://*",
            "https://a\r\nx: y",
            "javascript://a",
            "https://例子.cn/{z}",
        ] {
            assert_eq!(origins(bad), [""; 0], "{bad}");
        }
    }

    #[test]
    fn many_companies_push_out_nothing_that_is_offered() {
        let many: Vec<String> = (0..2 * MOST).map(|k| format!("https://a{k}.example.com/{{z}}")).collect();
        let policy = naming(&many);
        for host in OFFERED {
            assert_eq!(policy.matches(host).count(), 2, "{policy}");
        }
        assert_eq!(policy.matches(".example.com").count(), 2 * MOST);
    }

    #[test]
    fn nothing_is_allowed_by_its_scheme_alone() {
        let policy = naming(&["https://maps.example.com/{z}/{x}/{y}".into()]);
        for directive in ["img-src", "connect-src"] {
            let part = policy.split("; ").find(|part| part.starts_with(directive)).unwrap_or_default();
            assert!(part.contains(" https://maps.example.com"), "{part}");
            assert!(part.split(' ').all(|word| !matches!(word, "https:" | "http:" | "*")), "{part}");
        }
        assert_eq!(policy.matches("script-src 'self';").count(), 1);
    }
}
