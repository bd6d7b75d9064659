"""Takes the commands out of docs/scale.md and packaging/kubernetes, as scripts to be run in a scratch folder.

usage: scale_commands.py FOLDER     (from the root of the repository)

Writes FOLDER/NAME/{part-1.sh, part-2.sh, ..., merge.sh} for each way of splitting, with the numbers that
the CI server or Kubernetes would give, and FOLDER/NAME/whole, the command that is not split. On the way
it checks the manifests against what Kubernetes allows there; ends with 1 after a line for each fault.
"""
import os
import re
import sys

import yaml

faults = []
folder = sys.argv[1]
page = open("docs/scale.md", encoding="utf-8").read()


def fault(text):
    faults.append(text)
    print(text)


def write(name, scripts):
    os.makedirs(os.path.join(folder, name))
    for script, text in scripts.items():
        with open(os.path.join(folder, name, script), "w", encoding="utf-8") as out:
            out.write(text + "\n")


def whole_of(command):
    """The command without what splits it."""
    found = re.search(r"freshcheck (run|explore)\b[^>|'\n]*", command.replace("\\\n", " ")).group(0)
    return re.sub(r"--shard \S+", "", found)


def blocks(kind):
    return re.findall(r"^```%s(?: [^\n]*)?\n(.*?)^```$" % kind, page, re.S | re.M)


# --- GNU parallel: each block does it all, its last line is the merge -----------------------------
for index, block in enumerate(blocks("sh"), 1):
    lines = block.strip().split("\n")
    write("parallel-%d" % index, {"part-1.sh": "\n".join(lines[:-1]), "merge.sh": lines[-1],
                                  "whole": whole_of(block)})

# --- CI ---------------------------------------------------------------------------------------------
github, gitlab = (yaml.safe_load(block) for block in blocks("yaml"))


def runs(job):
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert len(commands) == 1
    return commands[0]


part = github["jobs"]["part"]
numbers = part["strategy"]["matrix"]["part"]
scripts = {"part-%d.sh" % n: "set -e\n" + runs(part).replace("${{ matrix.part }}", str(n)) for n in numbers}
assert github["jobs"]["merge"]["needs"] == "part"
write("github", dict(scripts, **{"merge.sh": runs(github["jobs"]["merge"]), "whole": whole_of(runs(part).replace("${{ matrix.part }}", "1"))}))

part, merge = gitlab["part"], gitlab["merge"]
scripts = {"part-%d.sh" % n: "set -e\nCI_NODE_INDEX=%d\nCI_NODE_TOTAL=%d\n%s" % (n, part["parallel"], part["script"][0])
           for n in range(1, part["parallel"] + 1)}
assert merge["needs"] == ["part"] and len(part["script"]) == len(merge["script"]) == 1
write("gitlab", dict(scripts, **{"merge.sh": merge["script"][0], "whole": whole_of(part["script"][0])}))

# --- Kubernetes -------------------------------------------------------------------------------------
# What may stand where, of what these manifests use; names and types by the API reference of batch/v1 Job,
# core/v1 PodSpec, Container, SecurityContext and PersistentVolumeClaim.
TEXT, NUMBER, FLAG, TEXTS = str, int, bool, [str]
METADATA = {"name": TEXT, "labels": {"app.kubernetes.io/name": TEXT}}
RESOURCES = {"cpu": TEXT, "memory": TEXT, "storage": TEXT}
CONTAINER = {
    "name": TEXT, "image": TEXT, "workingDir": TEXT, "command": TEXTS, "args": TEXTS,
    "env": [{"name": TEXT, "value": TEXT}],
    "resources": {"requests": RESOURCES, "limits": RESOURCES},
    "securityContext": {"allowPrivilegeEscalation": FLAG, "readOnlyRootFilesystem": FLAG, "capabilities": {"drop": TEXTS}},
    "volumeMounts": [{"name": TEXT, "mountPath": TEXT}],
}
POD = {
    "restartPolicy": TEXT, "automountServiceAccountToken": FLAG,
    "securityContext": {"runAsNonRoot": FLAG, "runAsUser": NUMBER, "runAsGroup": NUMBER, "fsGroup": NUMBER,
                        "seccompProfile": {"type": TEXT}},
    "containers": [CONTAINER],
    "volumes": [{"name": TEXT, "persistentVolumeClaim": {"claimName": TEXT}}],
}
JOB = {"apiVersion": TEXT, "kind": TEXT, "metadata": METADATA, "spec": {
    "completionMode": TEXT, "completions": NUMBER, "parallelism": NUMBER, "backoffLimit": NUMBER,
    "activeDeadlineSeconds": NUMBER, "ttlSecondsAfterFinished": NUMBER,
    "template": {"metadata": {"labels": METADATA["labels"]}, "spec": POD}}}
CLAIM = {"apiVersion": TEXT, "kind": TEXT, "metadata": METADATA,
         "spec": {"accessModes": TEXTS, "resources": {"requests": RESOURCES}}}


def check(value, shape, place):
    if isinstance(shape, dict) and isinstance(value, dict):
        for key in value:
            if key in shape:
                check(value[key], shape[key], place + "." + key)
            else:
                fault("%s: there is no member %s" % (place, key))
    elif isinstance(shape, list) and isinstance(value, list):
        for index, item in enumerate(value):
            check(item, shape[0], "%s[%d]" % (place, index))
    elif not isinstance(shape, type) or type(value) is not shape:
        fault("%s: %r is of the wrong kind" % (place, value))


def wanted(condition, text):
    if not condition:
        fault(text)


def pod_of(job, place):
    check(job, JOB, place)
    wanted((job["apiVersion"], job["kind"]) == ("batch/v1", "Job"), place + ": it is no batch/v1 Job")
    pod = job["spec"]["template"]["spec"]
    container = pod["containers"][0]
    # A Job takes these two only; a pod with more rights than it needs is refused by restricted namespaces.
    wanted(pod["restartPolicy"] in ("Never", "OnFailure"), place + ": restartPolicy")
    wanted(pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0, place + ": root")
    wanted(pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", place + ": seccompProfile")
    own = container["securityContext"]
    wanted(own["allowPrivilegeEscalation"] is False and own["capabilities"]["drop"] == ["ALL"], place + ": privileges")
    wanted({mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]},
           place + ": volumes")
    wanted(container["workingDir"] in [mount["mountPath"] for mount in container["volumeMounts"]], place + ": workingDir")
    return container


def shell(container, environment):
    """What the pod runs, as a script of its own. `sh -c TEXT` is what both manifests use."""
    wanted(container["command"] == ["/bin/sh", "-c"] and len(container["args"]) == 1, "command is not sh -c TEXT")
    return "".join("export %s='%s'\n" % pair for pair in environment) + container["args"][0]


def manifests(name):
    with open("packaging/kubernetes/" + name, encoding="utf-8") as text:
        return list(yaml.safe_load_all(text))


claim, job = manifests("explore-job.yaml")
(merge,) = manifests("merge-job.yaml")
check(claim, CLAIM, "explore-job.yaml")
explorer, merger = pod_of(job, "explore-job.yaml"), pod_of(merge, "merge-job.yaml")
spec = job["spec"]
environment = [(entry["name"], entry["value"]) for entry in explorer["env"]]
given = dict(environment)
wanted(spec["completionMode"] == "Indexed", "explore-job.yaml: it is not Indexed")
wanted(given["PARTS"] == str(spec["completions"]), "explore-job.yaml: PARTS is not completions")
wanted(spec["parallelism"] <= spec["completions"], "explore-job.yaml: parallelism")
wanted(explorer["image"] == merger["image"], "the images differ")
for volume in job["spec"]["template"]["spec"]["volumes"] + merge["spec"]["template"]["spec"]["volumes"]:
    wanted(volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"], "the claims differ")
for text in (job["metadata"]["name"], merge["metadata"]["name"]):
    wanted("job/" + text in page, "docs/scale.md does not name job/" + text)
# The implementation is one that breaks, so that there is something to join.
environment = [(name, "stampede" if name == "IMPLEMENTATION" else value) for name, value in environment]
scripts = {"part-%d.sh" % (index + 1): shell(explorer, environment + [("JOB_COMPLETION_INDEX", index)])
           for index in range(spec["completions"])}
whole = whole_of(explorer["args"][0]).replace('"$IMPLEMENTATION"', "stampede").replace('"$SEEDS"', given["SEEDS"])
write("kubernetes", dict(scripts, **{"merge.sh": shell(merger, []), "whole": whole}))

sys.exit(1 if faults else 0)
