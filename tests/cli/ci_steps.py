"""Takes the commands out of action.yml and the examples for CI servers, as scripts to be run in a scratch folder.

usage: ci_steps.py FOLDER     (from the root of the repository)

Writes FOLDER/action-1.sh, action-2.sh (the action's own steps, which read their inputs as the action does),
and FOLDER/github-N-NAME.sh, gitlab-N-NAME.sh, jenkins-N.sh in the order in which the server runs them. A
step of the workflow that uses the action is a script that sets ARGUMENTS and ends with the action's second
step. Ends with 1 after a line for each fault.
"""
import re
import sys

import yaml

folder = sys.argv[1]
faults = []


def read(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def wanted(condition, text):
    if not condition:
        faults.append(text)
        print(text)


def write(name, commands):
    with open(f"{folder}/{name}.sh", "w", encoding="utf-8") as out:
        out.write("set -e -o pipefail\n" + commands.rstrip("\n") + "\n")


def name_of(text):
    return re.sub("[^a-z]+", "-", text.lower()).strip("-")


# --- the action -------------------------------------------------------------------------------------
action = yaml.safe_load(read("action.yml"))
install, run = action["runs"]["steps"]
write("action-1", install["run"])
write("action-2", run["run"])
inputs = {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}
for step in (install, run):
    # What stands in the text of a script would be a part of it; in the environment it is data.
    wanted("${{" not in step["run"], "action.yml: an expression inside of a script")
    wanted(step["shell"] == "bash", "action.yml: a step has no shell")
wanted(run["env"] == {"ARGUMENTS": "${{ inputs.arguments }}"}, "action.yml: ARGUMENTS")
wanted(run["working-directory"] in inputs, "action.yml: working-directory")
wanted(action["outputs"]["exit-code"]["value"] == "${{ steps.%s.outputs.exit-code }}" % run["id"],
       "action.yml: exit-code")

# --- a workflow that uses it ------------------------------------------------------------------------
(job,) = yaml.safe_load(read("packaging/github/workflow.yml"))["jobs"].values()
for number, step in enumerate(job["steps"]):
    if "run" in step:
        write(f"github-{number}-{name_of(step['name'])}", step["run"])
    elif "/freshcheck@" in step["uses"]:
        given = step.get("with", {})
        wanted(set(given) <= set(action["inputs"]), f"workflow.yml: {step['name']}: no such input")
        if "arguments" in given:
            write(f"github-{number}-{name_of(step['name'])}",
                  f"export ARGUMENTS='{given['arguments']}'\n" + run["run"])
        else:
            write(f"github-{number}-{name_of(step['name'])}", install["run"])

# --- GitLab: by stage, and in the order of the file -------------------------------------------------
pipeline = yaml.safe_load(read("packaging/gitlab/gitlab-ci.yml"))
stages = pipeline.pop("stages")
base = pipeline.pop(".freshcheck")
jobs = {name: {**(base if job.get("extends") == ".freshcheck" else {}), **job} for name, job in pipeline.items()}
for number, name in enumerate(sorted(jobs, key=lambda name: stages.index(jobs[name]["stage"]))):
    write(f"gitlab-{number}-{name}", "\n".join(jobs[name]["script"]))

# --- Jenkins ----------------------------------------------------------------------------------------
jenkins = read("packaging/jenkins/Jenkinsfile")
for number, command in enumerate(re.findall(r"^ *sh '([^']*)'$", jenkins, re.M)):
    write(f"jenkins-{number}", command)
bare = re.sub(r"'[^']*'|//[^\n]*", "", jenkins)
wanted(bare.count("{") == bare.count("}"), "Jenkinsfile: braces")

# --- one name of the image for all ------------------------------------------------------------------
image = base["image"]["name"]
for path in ("packaging/jenkins/Jenkinsfile", "packaging/container/Containerfile",
             "packaging/kubernetes/explore-job.yaml", "packaging/kubernetes/merge-job.yaml"):
    named = set(re.findall(r"registry\.example/\S+?:[\d.]+", read(path)))
    wanted(named == {image}, f"{path}: the image is {named or 'not named'}, not {image}")
version = re.search(r"^VERSION := (.*)$", read("Makefile"), re.M).group(1)
wanted(image.endswith(":" + version), f"the image is not of {version}")
workflow = read("packaging/github/workflow.yml")
wanted(set(re.findall(r"freshcheck@v(\S+)", workflow)) == {version}, f"workflow.yml: not of {version}")
sys.exit(1 if faults else 0)
