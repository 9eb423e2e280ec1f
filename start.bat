@echo off
rem Double-click: sets up once, then opens the app in a browser. Close this window to end it.
rem Options go to run.py, for instance: start.bat compare scenarios\sanmenxia.yaml
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
set "PYTHON="
for %%v in (3.13 3.12 3.11) do if not defined PYTHON (
  py -%%v -c "" >nul 2>nul && set "PYTHON=py -%%v"
)
if not defined PYTHON (
  python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=python"
)
if not defined PYTHON (
  echo 没有找到 Python 3.11 或更新版本。请安装 Python，安装时勾选 Add python.exe to PATH，再双击本文件。
  echo No Python 3.11 or newer was found. Install it, tick "Add python.exe to PATH", and try again.
  pause
  exit /b 1
)
if "%~1"=="" (
  %PYTHON% run.py app
) else (
  %PYTHON% run.py %*
)
set "STATUS=%ERRORLEVEL%"
if not "%STATUS%"=="0" pause
exit /b %STATUS%
