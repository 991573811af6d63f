# Two commands are enough: `make run` and `make test`. Each prepares .venv first (setup/env.sh).
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: kf help run test check train claims bench desk-proof nlu faq-log office lock clean env env-dev faults load
.DEFAULT_GOAL := help

help:
	@echo "make run    准备环境，训练模型，启动助手（Ctrl-C 停止）"
	@echo "make test   准备环境，检查代码，运行全部测试"
	@echo "make check  只检查代码：格式、规则、类型、模块依赖"
	@echo "make train  只训练模型（数据没变就不训练）"
	@echo "make bench  测一轮对话的速度，与 Rasa 自带的服务器对比"
	@echo "make claims 人工在对话途中接管 500 次，看自动助手有没有抢话"
	@echo "make desk-proof 长时间检验服务台：抢接、强行杀进程、断线、大数据量"
	@echo "make faults 断电、断网、杀进程：一条不丢、不重、不乱（约一小时）"
	@echo "make load   测满负荷、长对话、多进程和内存（约一小时）"
	@echo "make nlu    测语言理解的准确率"
	@echo "make kf     测微信客服：信号丢失、重复、乱序，进程被杀"
	@echo "make faq-log 把正在运行的助手的问答日志打印成 CSV（用 make -s faq-log > 文件）"
	@echo "make office  测日志和报表在一百万条问答上的速度、问题归组的纯度"
	@echo "make lock   重新锁定依赖版本（需要 uv）"
	@echo "make clean  删除缓存和模型（不删 .venv 和 var）"

env:
	@sh setup/env.sh run

env-dev:
	@sh setup/env.sh dev

run: env
	@$(PY) -m bot run

train: env
	@$(PY) -m bot.dialogue.train

check: env-dev
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

# The checks and the training side by side: each needs one core.
test: env-dev
	@$(MAKE) --no-print-directory --jobs 2 check train
	@$(PY) -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

claims: env-dev train
	@CLAIMS=500 $(PY) -m pytest -s tests/dialogue/test_claims.py

bench: env-dev train
	@$(PY) -m bench.turns

desk-proof: env-dev
	@$(PY) -m bench.helpdesk claims
	@$(PY) -m bench.helpdesk kill-consumer
	@$(PY) -m bench.helpdesk kill-desk
	@$(PY) -m bench.helpdesk kill-sender
	@$(PY) -m bench.helpdesk cut
	@$(PY) -m bench.helpdesk scale

faults: env-dev train
	@$(PY) -m bench.faults

load: env-dev train
	@$(PY) -m bench.load

nlu: env-dev train
	@$(PY) -m bench.nlu

# For scripts: nothing but the CSV goes to standard output.
faq-log:
	@$(PY) -m desk faq-log

office: env-dev
	@$(PY) -m bench.office
	@$(PY) -m bench.grouping
	@$(PY) -m bench.swap --retrain

kf: env-dev
	@$(PY) -m bench.kf

lock:
	@command -v uv >/dev/null || { echo "锁定依赖需要 uv，请先安装，例如：pipx install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --universal --python-version 3.10 --generate-hashes --no-header --quiet -o requirements.txt
	uv pip compile pyproject.toml --group dev -c requirements.txt --universal --python-version 3.10 --generate-hashes --no-header --quiet -o requirements-dev.txt

clean:
	rm -rf models results .rasa .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
