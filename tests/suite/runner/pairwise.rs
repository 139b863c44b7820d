//! Owns renderings in which every two switches of the runner chart meet in all four ways.
//!
//! It judges nothing.

/// Switches, each with its two settings.
const SWITCHES: &[[&str; 2]] = &[
    ["agentManager.enabled=false", "agentManager.enabled=true"],
    ["kubiyaOperator.enabled=false", "kubiyaOperator.enabled=true"],
    ["toolManager.enabled=false", "toolManager.enabled=true"],
    [
        "toolManager.sdkServer.enabled=false",
        "toolManager.sdkServer.enabled=true",
    ],
    ["workflowEngine.enabled=false", "workflowEngine.enabled=true"],
    ["enforcer.enabled=false", "enforcer.enabled=true"],
    ["imageUpdater.enabled=false", "imageUpdater.enabled=true"],
    ["registryTls.enabled=false", "registryTls.enabled=true"],
    ["networkPolicy.enabled=false", "networkPolicy.enabled=true"],
    ["runner.workflow.enabled=false", "runner.workflow.enabled=true"],
    ["dagger.enabled=false", "dagger.enabled=true"],
    ["dagger.engine.kind=StatefulSet", "dagger.engine.kind=DaemonSet"],
    [
        "dagger.engine.hostPath.runVolume.enabled=false",
        "dagger.engine.hostPath.runVolume.enabled=true",
    ],
    [
        "dagger.engine.statefulSet.persistentVolumeClaim.enabled=false",
        "dagger.engine.statefulSet.persistentVolumeClaim.enabled=true",
    ],
    ["dagger.engine.replicas=1", "dagger.engine.replicas=2"],
    ["kubestatemetrics.enabled=false", "kubestatemetrics.enabled=true"],
    [
        "kubestatemetrics.selfMonitor.enabled=false",
        "kubestatemetrics.selfMonitor.enabled=true",
    ],
];

/// How many renderings it takes.
const ROWS: u32 = 8;

/// The settings of each rendering, for `--set`.
///
/// The renderings in which a switch has its second setting are half of all, and the first is among them. Any two such
/// sets that differ overlap (in the first), neither holds the other (they are equally large), and together they leave
/// one out: so each two switches meet in all four ways. In the first rendering everything is on.
pub(super) fn settings() -> Vec<String> {
    let halves: Vec<u32> = (0..1_u32 << ROWS)
        .filter(|set| set & 1 == 1 && set.count_ones() == ROWS / 2)
        // Neighbours are alike, and the last rendering would have everything off.
        .step_by(2)
        .take(SWITCHES.len())
        .collect();
    assert_eq!(halves.len(), SWITCHES.len(), "more switches need more rows");
    let row = |row: u32| {
        let settings = SWITCHES.iter().zip(&halves);
        let settings = settings.map(|(switch, set)| switch[usize::from(set >> row & 1 == 1)]);
        settings.collect::<Vec<&str>>().join(",")
    };
    (0..ROWS).map(row).collect()
}

#[test]
fn every_two_switches_meet_in_all_four_ways() {
    let rows = settings();
    for (position, one) in SWITCHES.iter().enumerate() {
        for other in &SWITCHES[position + 1..] {
            for setting in one {
                for second in other {
                    let meet = |row: &String| {
                        let settings: Vec<&str> = row.split(',').collect();
                        settings.contains(setting) && settings.contains(second)
                    };
                    assert!(rows.iter().any(meet), "{setting} never meets {second}");
                }
            }
        }
    }
}
